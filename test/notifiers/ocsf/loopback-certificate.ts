import { createPrivateKey } from 'node:crypto'

/**
 * A certificate for 127.0.0.1 that signs itself, for a hundred years, and its key: of use to nobody but these tests. Node
 * makes no certificates, and a machine that runs the tests need not have OpenSSL.
 */
const certificate =
  'MIIBojCCAUigAwIBAgIUYXLXJ79JSKOtMKLr7nZ9HS1UN0IwCgYIKoZIzj0EAwIwHTEbMBkGA1UEAwwSbG9vcGJhY2sgZm9yIHRlc3RzMCAXDTI2MTEyNzEwMDA1NloYDzIxMjYxMTAzMTAwMDU2Wj' +
  'AdMRswGQYDVQQDDBJsb29wYmFjayBmb3IgdGVzdHMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARkddMKIy4i0ZpCKFHzHjcWAqC5qX8KvjMprhD3kJgYhQCP/RoqwGe4VGO/KPLf4tSDXNy5F3Go' +
  '17v76x+lt5wuo2QwYjAdBgNVHQ4EFgQUHmEV/0rOdNRx3yqkacKFhNqv42swHwYDVR0jBBgwFoAUHmEV/0rOdNRx3yqkacKFhNqv42swDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMA' +
  'oGCCqGSM49BAMCA0gAMEUCIAqj5r0WT+FqAAHU6N+4BE8XVf6WaGHMIZLTh1pMnnDHAiEAsJ4dTY7Rfz9SisLpG8rvHj+zcDKSqKQ1Thp8tAY/bT4='
const key =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgndJwPELuWgY66rrgAtPr+h2HRInRW0Vl6jAlgsbUfBWhRANCAARkddMKIy4i0ZpCKFHzHjcWAqC5qX8KvjMprhD3kJgYhQCP/RoqwG' +
  'e4VGO/KPLf4tSDXNy5F3Go17v76x+lt5wu'

export const loopbackCertificate = {
  cert: `-----BEGIN CERTIFICATE-----\n${(certificate.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
  key: createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }),
}
