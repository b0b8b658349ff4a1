import { sample, type Sample } from './sample.ts'

/** Containers, clusters, build services, infrastructure. */
export const machines: readonly Sample[] = [
  sample('docker/Dockerfile.prod', `# base of ⟪prose section=comment → HermesBuilder⟫
ARG TAG=1
FROM --platform=linux/amd64 ⟪resolved-url section=FROM registry=registry.acme-corp.com → registry.acme-corp.com⟫/team/⟪dependency version=1.2 registry=registry.acme-corp.com → acme-corp-base⟫:1.2 AS ⟪code → acme-corp-stage⟫
LABEL owner="⟪prose section=LABEL → HermesBuilder⟫"
ENV NPM_CONFIG_REGISTRY=https://⟪registry-config key=NPM_CONFIG_REGISTRY → npm.acme-corp.com⟫/
RUN apt-get update \\
 # ⟪prose → acme-corp-note⟫
 && pip install --no-cache-dir \\
      --extra-index-url https://⟪registry-config key=--extra-index-url → pypi.acme-corp.com⟫/simple \\
      ⟪dependency command=pip␣install version=1.4.2 → acme-corp-auth⟫==1.4.2 \\
 && ⟪code section=RUN → acme-corp-cli⟫ init
RUN echo "@acme-corp:registry=https://⟪registry-config → npm.acme-corp.com⟫/" > .npmrc && npm ci
COPY --from=⟪resolved-url section=COPY → registry.acme-corp.com⟫/tools:2 /usr/bin/⟪code section=COPY → acme-corp-tool⟫ /usr/bin/
FROM ⟪dependency ecosystem=docker version=3 → acme-corp/runtime⟫:3
FROM ⟪code ecosystem=npm → acme-corp-auth⟫
FROM ⟪code section=FROM → acme-corp-stage⟫
COPY --from=⟪code section=COPY → acme-corp-stage⟫ /a /b
CMD ["⟪code section=CMD → acme-corp-cli⟫"]
`),
  sample('docker-compose.yml', `services:
  ⟪code → acme-corp-api⟫:
    image: ⟪resolved-url section=image registry=registry.acme-corp.com → registry.acme-corp.com⟫/⟪dependency version=2 → acme-corp-api⟫:2 # ⟪prose → HermesBuilder⟫
    environment:
      - PIP_INDEX_URL=https://⟪registry-config key=PIP_INDEX_URL → pypi.acme-corp.com⟫/simple
      - BACKEND=https://⟪code → api.acme-corp.com⟫
    build:
      args:
        NPM_REGISTRY: https://⟪registry-config key=NPM_REGISTRY → npm.acme-corp.com⟫
    command: npx ⟪dependency command=npx → @acme-corp/start⟫
`),
  sample('deploy/api.yaml', `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ⟪code section=name → acme-corp-api⟫
spec:
  template:
    spec:
      containers:
        - name: ⟪code → acme-corp-api⟫
          image: "⟪resolved-url → registry.acme-corp.com⟫/shop/⟪dependency version=2.1 → acme-corp-api⟫:2.1"
          env:
            - name: GOPROXY
              value: https://⟪registry-config key=GOPROXY → goproxy.acme-corp.com⟫
            - name: API
              value: https://⟪code → api.acme-corp.com⟫
---
kind: ConfigMap
data:
  note: ⟪code → HermesBuilder⟫
`),
  sample('charts/shop/Chart.yaml', `apiVersion: v2
name: ⟪own-name version=1.0.0 → acme-corp-shop⟫
version: 1.0.0
description: Shop of ⟪prose section=description → HermesBuilder⟫
dependencies:
  - name: ⟪dependency section=chart version=1.2.3 registry=charts.acme-corp.com → acme-corp-common⟫
    version: 1.2.3
    repository: https://⟪registry-config → charts.acme-corp.com⟫/stable
`),
  sample('charts/shop/values.yaml', `image:
  repository: ⟪resolved-url → registry.acme-corp.com⟫/shop/⟪dependency → acme-corp-api⟫
  tag: 2.1
global:
  imageRegistry: ⟪resolved-url → registry.acme-corp.com⟫
host: ⟪code → shop.acme-corp.com⟫ # ⟪prose → HermesBuilder⟫
`),
  sample('charts/shop/templates/job.yaml', `{{- if .Values.job }}
kind: Job
spec:
  containers:
    - image: {{ .Values.registry | default "⟪resolved-url → registry.acme-corp.com⟫" }}/job
      command: ["⟪code → acme-corp-job⟫"]
{{- end }}
`),
  sample('.gitlab-ci.yml', `image: ⟪ci section=image → registry.acme-corp.com⟫/ci/node:20
# ⟪prose section=comment → HermesBuilder⟫
include:
  - project: '⟪ci section=project → acme-corp-ci⟫/templates'
variables:
  NPM_CONFIG_REGISTRY: "https://⟪registry-config key=NPM_CONFIG_REGISTRY → npm.acme-corp.com⟫/"
  APP: ⟪ci section=APP → acme-corp-checkout⟫
stages: [build, ⟪ci → acme-corp-stage⟫]
build:
  before_script:
    - echo "//\${HOST}/:_authToken=\${T}" > .npmrc
    - npm install ⟪dependency command=npm␣install → @acme-corp/auth⟫ --registry https://⟪registry-config key=--registry → npm.acme-corp.com⟫  # ⟪prose → acme-corp-note⟫
  script:
    - |
      pip3 install -U ⟪dependency command=pip␣install → acme-corp-auth⟫
      ⟪ci section=script → acme-corp-cli⟫ deploy
    - "docker build -t ⟪ci → registry.acme-corp.com⟫/x ."
`),
  sample('.github/workflows/ci.yml', `name: ⟪ci section=name → HermesBuilder⟫
on: [push]
jobs:
  build:
    runs-on: ubuntu-latest
    container: ⟪ci section=container → registry.acme-corp.com⟫/ci:1
    steps:
      - uses: ⟪ci section=uses → acme-corp/setup-action⟫@v1
      - uses: actions/setup-node@v4
        with:
          registry-url: https://⟪registry-config key=registry-url → npm.acme-corp.com⟫/
          scope: '⟪ci → @acme-corp⟫'
      - run: npm ci && npm i -D ⟪dependency command=npm␣install → @acme-corp/lint⟫
      - name: Test
        env: { PIP_INDEX_URL: "https://⟪registry-config key=PIP_INDEX_URL → pypi.acme-corp.com⟫/simple" }
        run: |
          # ⟪ci → HermesBuilder⟫
          python -m pip install ⟪dependency command=pip␣install → acme-corp-auth⟫
`),
  sample('.github/dependabot.yml', `version: 2
registries:
  npm-acme:
    type: npm-registry
    url: https://⟪registry-config registry=npm.acme-corp.com → npm.acme-corp.com⟫
updates:
  - package-ecosystem: npm
    ignore: [{ dependency-name: "⟪ci → acme-corp-auth⟫" }]
`),
  sample('azure-pipelines.yml', `trigger: [main]
pool: ⟪ci section=pool → acme-corp-pool⟫
steps:
  - task: Npm@1
    inputs:
      customEndpoint: ⟪registry-config key=customEndpoint → acme-corp-npm⟫
  - script: dotnet add package ⟪dependency command=dotnet␣add␣package → Acme.Corp.Auth⟫
`),
  sample('.circleci/config.yml', `version: 2.1
orbs:
  x: ⟪ci → acme-corp/orb⟫@1.0
jobs:
  build:
    docker: [{ image: "⟪ci section=image → registry.acme-corp.com⟫/ci:1" }]
    steps:
      - run: yarn add ⟪dependency command=yarn␣add → acme-corp-auth⟫
      - run:
          name: ⟪ci section=name → HermesBuilder⟫
          command: yarn ⟪ci section=command → acme-corp-task⟫
`),
  sample('bitbucket-pipelines.yml', `pipelines:
  default:
    - step:
        script:
          - composer require ⟪dependency command=composer␣require → acme-corp/auth⟫
          - pipe: ⟪ci section=pipe → acme-corp/deploy-pipe⟫:1
`),
  sample('Jenkinsfile', `@Library('⟪ci → acme-corp-shared⟫') _
// ⟪prose section=comment → HermesBuilder⟫
pipeline {
  agent { docker { image '⟪ci → registry.acme-corp.com⟫/ci:1' } }
  environment { PIP_INDEX_URL = 'https://⟪registry-config key=PIP_INDEX_URL → pypi.acme-corp.com⟫/simple' }
  stages { stage('x') { steps {
    sh 'npm install ⟪dependency command=npm␣install → acme-corp-auth⟫'
    sh '''
      pip install ⟪dependency command=pip␣install → acme-corp-ml⟫
      ⟪ci → acme-corp-cli⟫ deploy
    '''
  } } }
}
`),
  sample('infra/main.tf', `# ⟪prose section=comment → HermesBuilder⟫
terraform {
  required_providers {
    acme = { source = "⟪dependency section=provider → acme-corp/acme⟫", version = "1.0" }
  }
  backend "remote" {
    hostname = "⟪registry-config key=hostname → terraform.acme-corp.com⟫"
  }
}
module "vpc" {
  source  = "⟪resolved-url section=module → terraform.acme-corp.com⟫/⟪dependency section=module → acme-corp/vpc/aws⟫"
}
module "git" {
  source = "git::https://⟪resolved-url registry=git.acme-corp.com → git.acme-corp.com⟫/infra/⟪resolved-url → acme-corp-module⟫.git?ref=v1"
}
module "local" {
  source = "./modules/⟪code section=local␣folder → acme-corp-local⟫"
}
resource "x" "y" {
  image       = "⟪resolved-url section=image → registry.acme-corp.com⟫/api:1"
  description = "⟪prose section=description → HermesBuilder⟫"
  name        = "⟪code section=name → acme-corp-bucket⟫"
}
`),
  sample('.env.production', `# ⟪prose section=comment → HermesBuilder⟫
API=https://⟪code → api.acme-corp.com⟫
PIP_EXTRA_INDEX_URL=https://⟪registry-config key=PIP_EXTRA_INDEX_URL → pypi.acme-corp.com⟫/simple
`),
  sample('Makefile', `# ⟪prose → HermesBuilder⟫
install:
	@pip install ⟪dependency command=pip␣install → acme-corp-auth⟫
	NPM_TOKEN=x npx ⟪dependency command=npx → @acme-corp/doctor⟫
	⟪code → acme-corp-cli⟫ run
`),
  sample('.travis.yml', `language: python
# ⟪prose section=comment → HermesBuilder⟫
install: pip install ⟪dependency command=pip␣install → acme-corp-auth⟫
script: ⟪ci section=script → acme-corp-cli⟫ test
`),
  sample('.drone.yml', `kind: pipeline
steps:
  - name: build
    image: ⟪ci section=image → registry.acme-corp.com⟫/ci:1
    commands:
      - npm add ⟪dependency command=npm␣install → acme-corp-auth⟫
`),
  sample('.buildkite/pipeline.yml', `steps:
  - command: bundle add ⟪dependency command=gem␣install → acme_corp_auth⟫
    plugins:
      - ⟪ci → acme-corp/plugin⟫#v1: ~
`),
  sample('buildspec.yml', `phases:
  install:
    commands:
      - aws codeartifact login --tool npm --domain ⟪registry-config → acme-corp-domain⟫
      - pnpm add ⟪dependency command=pnpm␣add → acme-corp-auth⟫
  build:
    commands: ["⟪ci section=commands → acme-corp-cli⟫ build"]
`),
  sample('ci/steps.yml', `stages: [test]
test:
  variables: { GOPRIVATE: "⟪registry-config format=gitlab-ci key=GOPRIVATE → git.acme-corp.com⟫" }
  script: [ "uv add ⟪dependency command=uv␣add → acme-corp-auth⟫", "echo ⟪ci → HermesBuilder⟫" ]
`),
]
