/** An ad of the make-believe company, as the sandbox's boards show it, each in its own form. */
export interface Ad {
  readonly id: number
  readonly title: string
  /** HTML of the body. */
  readonly html: string
  /** A list beside the body, where the board has lists. */
  readonly list?: { readonly title: string; readonly html: string }
  readonly department?: string
  /** Fields of the company's own, where the board has them. */
  readonly metadata?: readonly { readonly name: string; readonly value: unknown }[]
  /** A question of the application form, where the board shows it. */
  readonly question?: string
  /** Only who has the link finds it. */
  readonly unlisted?: boolean
  /** Texts in this language only. */
  readonly language?: 'de' | 'en'
  readonly publishedAt: string
  readonly updatedAt: string
}

/** The boards of the make-believe company by name; a board with any other name does not exist. */
export const demoAds: Readonly<Record<string, readonly Ad[]>> = {
  acme: [
    {
      id: 127_817,
      title: 'Senior Platform Engineer (m/f/x)',
      html: '<p>You will own &quot;HermesBuilder&quot;, our build farm, and publish packages such as <code>@acme-corp/auth-client</code>.</p>',
      department: 'Platform',
      metadata: [{ name: 'Stack', value: ['Kubernetes', 'artifactory.acme-corp.com'] }],
      question: 'Have you worked with acme-corp-auth before?',
      publishedAt: '2026-08-14T09:00:00Z',
      updatedAt: '2026-09-01T10:00:00Z',
    },
    {
      id: 127_818,
      title: 'Data Engineer, unlisted',
      html: '<p>Python, dbt &amp; co.</p>',
      list: { title: 'You will', html: '<li>maintain <b>acmecorp-ledger</b></li><li>drink coffee</li>' },
      unlisted: true,
      publishedAt: '2026-09-20T09:00:00Z',
      updatedAt: '2026-09-20T09:00:00Z',
    },
    {
      id: 127_819,
      title: 'Werkstudent (m/w/d) Entwicklung',
      html: '<ul><li>Du baust mit am Projekt HermesBuilder</li></ul>',
      language: 'de',
      publishedAt: '2026-10-02T09:00:00Z',
      updatedAt: '2026-10-02T09:00:00Z',
    },
    {
      id: 127_820,
      title: 'Office Manager',
      html: '<p>You keep the Hermes parcels and the builders of our new kitchen on time. acme-corporation is not us.</p>',
      publishedAt: '2026-10-05T09:00:00Z',
      updatedAt: '2026-10-05T09:00:00Z',
    },
  ],
  empty: [],
}
