import { sample, type Sample } from './sample.ts'

/** Stack traces, logs, Markdown, HTML, posts. */
export const texts: readonly Sample[] = [
  sample('crash.txt', `2026-01-01 ERROR in ⟪prose → HermesBuilder⟫
java.lang.IllegalStateException: boom
	at ⟪stack-trace language=Java → com.acmecorp.auth⟫.Client.call(Client.java:42)
	at app//⟪stack-trace → com.acmecorp.shop⟫.Main.main(Main.java:7) ~[⟪stack-trace → acme-corp-shop⟫-1.0.jar:?]
Caused by: ⟪stack-trace → com.acmecorp.auth⟫.TokenException: expired
⟪stack-trace → com.acmecorp.auth⟫.errors.OtherException: again

Error: x
    at Client.call (/app/node_modules/⟪stack-trace language=JavaScript → @acme-corp/auth⟫/lib/client.js:10:5)
    at async file:///srv/⟪stack-trace → acme-corp-shop⟫/main.mjs:3:1
Error: Cannot find module '⟪stack-trace → @acme-corp/missing⟫'
Require stack:
- /app/⟪stack-trace → acme-corp-shop⟫/index.js

Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/⟪stack-trace language=Python → acme_corp_auth⟫/client.py", line 10, in call
    from ⟪stack-trace language=Python → acme_corp_log⟫ import x
ModuleNotFoundError: No module named '⟪stack-trace → acme_corp_log⟫'
⟪stack-trace → acme_corp_auth⟫.errors.TokenError: expired

   at ⟪stack-trace language=C# → Acme.Corp.Auth⟫.Client.Call(String x) in C:\\src\\Client.cs:line 12
   at ⟪stack-trace → Acme.Corp.Auth⟫.Client.<Call>d__1.MoveNext()

panic: nil
goroutine 1 [running]:
⟪stack-trace language=Go → github.com/acme-corp/auth⟫.(*Client).Call(0xc000, 0x1)
	/go/pkg/mod/⟪stack-trace → git.acme-corp.com⟫/x@v1.0.0/client.go:12 +0x1d

/gems/⟪stack-trace language=Ruby → acme_corp_auth⟫-1.0/lib/a.rb:12:in \`call'
	from /srv/⟪stack-trace → acme-corp-shop⟫/main.rb:3:in \`<main>'

PHP Fatal error:  Uncaught Exception in /srv/⟪stack-trace language=PHP → acme-corp-shop⟫/a.php on line 12
#0 /srv/vendor/⟪stack-trace → acme-corp/auth⟫/src/A.php(12): AcmeCorp\\A->f()

thread 'main' panicked at crates/⟪stack-trace language=Rust → acme-corp-core⟫/src/lib.rs:1:2:
   3: ⟪stack-trace → acme_corp_core⟫::run::h0123
             at ./⟪stack-trace → acme-corp-core⟫/src/main.rs:3:1
#1  0x00007f in ⟪stack-trace language=C++ → acme_corp_core⟫::run (x=1) at run.cc:3

The end, says ⟪prose → HermesBuilder⟫.
`),
  sample('build.log', `npm ERR! code E404
npm ERR! 404 Not Found - GET https://⟪ci log=npm → npm.acme-corp.com⟫/x
npm ERR! 404  '⟪ci log=npm → @acme-corp/auth⟫@^1.0.0' is not in this registry.
2026-01-01T00:00:00.0000000Z npm error 404 '⟪ci → acme-corp-auth⟫@1' could not be found
ERR_PNPM_FETCH_404  GET https://⟪ci log=pnpm → npm.acme-corp.com⟫/x: Not Found - 404
error Couldn't find package "⟪ci log=yarn → acme-corp-auth⟫" on the "npm" registry.
Looking in indexes: https://⟪ci log=pip → pypi.acme-corp.com⟫/simple
Collecting ⟪ci log=pip → acme-corp-auth⟫==1.4.2
ERROR: Could not find a version that satisfies the requirement ⟪ci log=pip note=the␣registry␣that␣was␣asked␣did␣not␣have␣it → acme-corp-auth⟫==1.4.2
ERROR: No matching distribution found for ⟪ci log=pip → acme-corp-auth⟫==1.4.2
[ERROR] Could not find artifact ⟪ci log=Maven → com.acmecorp.auth⟫:auth:jar:1 in central
[INFO] Downloading from acme: https://⟪ci log=Maven → artifactory.acme-corp.com⟫/maven/x.pom
> Could not resolve ⟪ci log=Gradle → com.acmecorp.auth⟫:auth:1.
error NU1101: Unable to find package ⟪ci log=NuGet → Acme.Corp.Auth⟫. No packages exist with this id
Could not find gem '⟪ci log=Bundler → acme-corp-auth⟫' in any of the sources
error: no matching package named \`⟪ci log=cargo → acme-corp-auth⟫\` found
  - Root composer.json requires ⟪ci log=Composer → acme-corp/auth⟫, it could not be found
go: downloading ⟪ci log=Go → github.com/acme-corp/auth⟫ v1.0.0
pull access denied for ⟪ci log=Docker → acme-corp/base⟫, repository does not exist
some other line about ⟪code → HermesBuilder⟫
`),
  sample('README.md', `# ⟪prose → HermesBuilder⟫

Built on ⟪prose → acme-corp-auth⟫, see \`⟪code in=inline␣code → acme-corp-auth⟫\` and [docs](https://⟪prose → wiki.acme-corp.com⟫/x).

\`\`\`sh
$ npm install ⟪dependency in=code␣block command=npm␣install → @acme-corp/auth⟫   # ⟪prose section=comment → HermesBuilder⟫
\`\`\`

~~~js
import { x } from '⟪import in=code␣block language=JavaScript → @acme-corp/auth⟫'
x('⟪code in=code␣block → acme-corp-x⟫')
~~~

\`\`\`json
{ "dependencies": { "⟪dependency format=package-json in=code␣block section=runtime version=^1.0.0 → acme-corp-auth⟫": "^1.0.0" } }
\`\`\`

\`\`\`
"devDependencies": {
  "⟪dependency format=package-json section=dev → acme-corp-lint⟫": "1"
}
\`\`\`

1. In a list:

   \`\`\`ini title=".npmrc"
   ⟪registry-config format=npmrc registry=npm.acme-corp.com → @acme-corp⟫:registry=https://⟪registry-config → npm.acme-corp.com⟫/
   \`\`\`

> \`\`\`dockerfile
> FROM ⟪resolved-url format=dockerfile → registry.acme-corp.com⟫/base:1
> \`\`\`

Indented:

    from ⟪import in=code␣block language=Python → acme_corp_auth⟫ import Client

\`\`\`yaml
stages: [build]
build:
  image: ⟪ci format=gitlab-ci → registry.acme-corp.com⟫/ci:1
  script:
    - pip install ⟪dependency command=pip␣install → acme-corp-auth⟫
\`\`\`

\`\`\`text
npm ERR! 404 '⟪ci log=npm in=code␣block → acme-corp-auth⟫@1' is not in this registry.
\`\`\`

\`\`\`ruby
gem "⟪dependency format=gemfile → acme_corp_auth⟫", "~> 1"
\`\`\`

Not code: collecting feedback on ⟪prose → HermesBuilder⟫.
Collecting ⟪prose → acme-corp-auth⟫ users takes long.
Installing ⟪prose → acme-corp-auth⟫ 2 takes longer.
- Collecting ⟪prose → acme-corp-auth⟫ users
    continued ⟪prose → HermesBuilder⟫
`),
  sample('docs/guide.rst', `Guide to ⟪prose → HermesBuilder⟫

.. code-block:: python

   import ⟪import in=code␣block language=Python → acme_corp_auth⟫

Back to ⟪prose → HermesBuilder⟫.
`),
  sample('guide.md', `# About \`<script>\` and \`<pre>\`

A \`<script>\` tag of ⟪prose → HermesBuilder⟫ and a <script> tag more, <pre> too.

Still ⟪prose → acme-corp-auth⟫, says "require "⟪prose → acme-corp-x⟫"".

\`\`\`html
<pre>⟪code in=code␣block → acme-corp-y⟫
\`\`\`

And ⟪prose → HermesBuilder⟫, but:

<pre>
pip install ⟪dependency in=code␣block → acme-corp-auth⟫
</pre>

Then ⟪prose → HermesBuilder⟫.
`),
  sample('docs/index.adoc', `= ⟪prose → HermesBuilder⟫

[source,shell]
----
$ npm install ⟪dependency in=code␣block → acme-corp-auth⟫
--------
⟪code in=code␣block → acme-corp-x⟫
----

Back to ⟪prose → HermesBuilder⟫.
`),
  sample('page.html', `<html><head><script>import x from "⟪import in=code␣block → @acme-corp/auth⟫"</script></head>
<body><p>About ⟪prose → HermesBuilder⟫ and <code>⟪code in=inline␣code → acme-corp-auth⟫</code>, not ⟪prose → acme-corp-x⟫</p>
<pre><code class="language-json">{
  &quot;dependencies&quot;: { &quot;⟪dependency format=package-json section=runtime → acme-corp-auth⟫&quot;: &quot;^1.0.0&quot; }
}</code></pre>
<pre class="lang-xml">&lt;dependency&gt;&lt;groupId&gt;⟪dependency format=pom → com.acmecorp.auth⟫&lt;/groupId&gt;&lt;artifactId&gt;x&lt;/artifactId&gt;&lt;/dependency&gt;</pre>
<p><a href="https://⟪prose → wiki.acme-corp.com⟫">x</a></p></body></html>
`),
  sample(null, `<p>My build of ⟪prose → HermesBuilder⟫ fails:</p>

<pre><code>npm ERR! 404 Not Found - GET https://⟪ci log=npm → npm.acme-corp.com⟫/@acme-corp%2fauth
</code></pre>

<pre class="lang-py prettyprint-override"><code>from ⟪import language=Python → acme_corp_auth⟫ import Client
</code></pre>
<p>ideas? at ⟪prose → acme-corp-auth⟫</p>
`),
  sample(null, `When I start it I get

    Error: Cannot find module '⟪stack-trace in=code␣block → @acme-corp/auth⟫'
        at Function.Module._resolve (/srv/⟪stack-trace → acme-corp-shop⟫/index.js:3:1)

ERROR: Could not find a version that satisfies the requirement ⟪ci log=pip → acme-corp-auth⟫==1.4.2

Senior engineer for ⟪prose → HermesBuilder⟫. You go get ⟪prose → acme-corp-auth⟫ running.
$ pip install ⟪dependency command=pip␣install → acme-corp-auth⟫
`),
  sample(null, `{ "name": "⟪own-name format=package-json → acme-corp-site⟫", "dependencies": { "⟪dependency format=package-json → acme-corp-auth⟫": "1" } }`),
  sample('notes.txt', `Remember ⟪prose → acme-corp-auth⟫ for ⟪prose → HermesBuilder⟫.\n`),
  sample('LICENSE', `Copyright ⟪prose → HermesBuilder⟫\n`),
]
