import { sample, type Sample } from './sample.ts'

/** Ruby, PHP, Go, Rust. */
export const others: readonly Sample[] = [
  sample('Gemfile', `# frozen_string_literal: true, by ⟪prose section=comment → HermesBuilder⟫
source "https://ci:pw@⟪registry-config registry=gems.acme-corp.com url=https://gems.acme-corp.com → gems.acme-corp.com⟫"
require '⟪import language=Ruby → acme_corp_bundle⟫'
gem "rails", "~> 7.1"
gem "⟪dependency section=runtime version=~>␣1.4 → acme-corp-auth⟫", "~> 1.4" # not ⟪prose → acme-corp-old⟫
gem '⟪dependency → acme_corp_git⟫', git: 'https://⟪resolved-url registry=git.acme-corp.com → git.acme-corp.com⟫/x.git'
gem '⟪dependency note=taken␣from␣a␣local␣folder,␣not␣from␣a␣registry → acme_corp_local⟫', path: '../⟪code → acme_corp_local⟫'
gem '⟪dependency → acme_corp_src⟫', source: 'https://⟪registry-config → gems.acme-corp.com⟫'
group :test do
  gem '⟪dependency section=test → acme_corp_testkit⟫'
end
gem '⟪dependency section=dev → acme_corp_dev⟫', group: :development
gem "⟪dependency → acme_corp_long⟫",
  git: "git@⟪resolved-url registry=git.acme-corp.com → git.acme-corp.com⟫:x/⟪resolved-url → acme_corp_long⟫",
  source: "https://⟪registry-config → gems.acme-corp.com⟫"
puts "⟪code → HermesBuilder⟫"
`),
  sample('Gemfile.lock', `GIT
  remote: https://⟪resolved-url section=GIT registry=git.acme-corp.com → git.acme-corp.com⟫/x.git
  revision: abc
  specs:
    ⟪dependency version=0.1.0 → acme_corp_git⟫ (0.1.0)

PATH
  remote: ../⟪code → acme_corp_local⟫
  specs:
    ⟪own-name section=PATH version=0.2.0 → acme_corp_local⟫ (0.2.0)
      ⟪dependency → acme-corp-auth⟫ (>= 1)

GEM
  remote: https://⟪resolved-url → gems.acme-corp.com⟫/
  specs:
    ⟪dependency version=1.4.2 registry=gems.acme-corp.com → acme-corp-auth⟫ (1.4.2)
      ⟪dependency → acme_corp_log⟫ (~> 2.0)

DEPENDENCIES
  ⟪dependency version=~>␣1.4 → acme-corp-auth⟫ (~> 1.4)!
`),
  sample('acme.gemspec', `Gem::Specification.new do |s|
  s.name = "⟪own-name → acme-corp-jobs⟫"
  s.summary = "Jobs of ⟪prose section=summary → HermesBuilder⟫"
  s.metadata["allowed_push_host"] = "https://⟪registry-config → gems.acme-corp.com⟫"
  s.files = ["lib/⟪code → acme_corp_jobs⟫.rb"]
  s.add_dependency "⟪dependency section=runtime version=>=␣1 → acme-corp-auth⟫", ">= 1"
  s.add_development_dependency '⟪dependency section=dev → acme_corp_testkit⟫'
  # s.add_dependency "⟪prose → acme-corp-old⟫"
end
`),
  sample('.gemrc', `:sources:\n- https://⟪registry-config → gems.acme-corp.com⟫/\n`),
  sample('composer.json', `{
  "name": "⟪own-name → acme-corp/shop⟫",
  "description": "Shop of ⟪prose section=description → HermesBuilder⟫",
  "require": { "php": ">=8.1", "⟪dependency section=runtime version=^1.4 → acme-corp/auth⟫": "^1.4" },
  "require-dev": { "⟪dependency section=dev → acme-corp/testkit⟫": "*" },
  "suggest": { "⟪prose section=suggest → acme-corp/extra⟫": "for more" },
  "replace": { "⟪own-name section=replace → acme-corp/shop-old⟫": "self.version" },
  "repositories": [
    { "type": "composer", "url": "https://⟪registry-config registry=packagist.acme-corp.com → packagist.acme-corp.com⟫" },
    { "type": "package", "package": { "name": "⟪dependency version=1.0 → acme-corp/inline⟫", "version": "1.0", "dist": { "url": "https://⟪resolved-url → files.acme-corp.com⟫/x.zip" } } }
  ],
  "autoload": { "psr-4": { "AcmeShop\\\\": "src/⟪code → acme-corp-src⟫" } },
  "scripts": { "post-install-cmd": "composer require ⟪dependency command=composer␣require → acme-corp/hook⟫" },
  "config": { "http-basic": { "⟪registry-config key=http-basic → packagist.acme-corp.com⟫": { "username": "u", "password": "hunter2" } } }
}
`),
  sample('composer.lock', `{
  "content-hash": "x",
  "packages": [{
    "name": "⟪dependency section=runtime version=1.4.2 registry=packagist.acme-corp.com → acme-corp/auth⟫", "version": "1.4.2",
    "source": { "type": "git", "url": "https://⟪resolved-url → git.acme-corp.com⟫/auth.git", "reference": "a" },
    "dist": { "type": "zip", "url": "https://⟪resolved-url → packagist.acme-corp.com⟫/dist/⟪resolved-url → acme-corp/auth⟫/1.zip" },
    "require": { "⟪dependency version=^2 → acme-corp/log⟫": "^2" },
    "description": "⟪prose → HermesBuilder⟫"
  }],
  "packages-dev": [{ "name": "⟪dependency section=dev → acme-corp/testkit⟫", "version": "1" }]
}
`),
  sample('go.mod', `module ⟪own-name → git.acme-corp.com/shop/checkout⟫ // of ⟪prose section=comment → HermesBuilder⟫

go 1.22

require (
	⟪resolved-url version=v1.4.2 → git.acme-corp.com⟫/platform/auth v1.4.2
	⟪dependency section=indirect version=v0.3.0 → github.com/acme-corp/log⟫ v0.3.0 // indirect
)

require ⟪dependency section=runtime version=v2.0.0 → github.com/acme-corp/metrics/v2⟫ v2.0.0

replace ⟪dependency section=replace note=taken␣from␣a␣local␣folder,␣not␣from␣a␣registry → github.com/acme-corp/log⟫ => ../⟪code section=replace → acme-corp-log⟫
replace github.com/x/y => ⟪dependency version=v1.0.0 → github.com/acme-corp/y⟫ v1.0.0

exclude ⟪code section=exclude → github.com/acme-corp/old⟫ v1.0.0
`),
  sample('go.sum', `⟪dependency version=v0.3.0 → github.com/acme-corp/log⟫ v0.3.0 h1:abc=
⟪dependency version=v0.3.0 → github.com/acme-corp/log⟫ v0.3.0/go.mod h1:abc=
⟪resolved-url version=v1.4.2 → git.acme-corp.com⟫/platform/auth v1.4.2 h1:abc=
`),
  sample('scripts/env.sh', `#!/bin/bash
# for ⟪prose section=comment → HermesBuilder⟫
export GOPRIVATE=⟪registry-config key=GOPRIVATE → git.acme-corp.com⟫/*,github.com/⟪registry-config → acme-corp-go⟫/*
go env -w GOPRIVATE="⟪registry-config → git.acme-corp.com⟫"
go get ⟪dependency command=go␣get version=v1.0.0 → github.com/acme-corp/metrics⟫@v1.0.0
curl https://⟪code → api.acme-corp.com⟫/health
pip install ⟪dependency command=pip␣install version=1.4.2 → acme-corp-auth⟫==1.4.2 --index-url https://⟪registry-config key=--index-url → pypi.acme-corp.com⟫/simple && ⟪code → acme-corp-cli⟫ run
npm config set ⟪registry-config → @acme-corp⟫:registry https://⟪registry-config → npm.acme-corp.com⟫/
docker login ⟪registry-config command=docker␣login → registry.acme-corp.com⟫
docker pull ⟪resolved-url command=docker␣pull → registry.acme-corp.com⟫/base:1
sudo gem install ⟪dependency command=gem␣install → acme-corp-gem⟫
cargo add ⟪dependency command=cargo␣add → acme-corp-crate⟫
dotnet add src/App package ⟪dependency command=dotnet␣add␣package → Acme.Corp.Auth⟫
helm repo add acme https://⟪registry-config command=helm␣repo␣add → charts.acme-corp.com⟫
pip install \\
  requests \\
  ⟪dependency command=pip␣install → acme-corp-multi⟫
pip install -r ⟪code → acme-corp-reqs⟫.txt
pip install ./⟪code → acme-corp-local⟫
`),
  sample('Cargo.toml', `[package]
name = "⟪own-name version=0.1.0 → acme-corp-engine⟫"
version = "0.1.0"
description = "Engine of ⟪prose section=package → HermesBuilder⟫" # ⟪prose section=comment → HermesBuilder⟫

[dependencies]
serde = "1"
⟪dependency section=runtime version=1.4 → acme-corp-auth⟫ = { version = "1.4", registry = "⟪registry-config → acme-corp-registry⟫" }
renamed = { package = "⟪dependency version=2 → acme-corp-real⟫", version = "2" }
⟪dependency registry=git.acme-corp.com → acme-corp-git⟫ = { git = "https://⟪resolved-url → git.acme-corp.com⟫/x" }
⟪dependency note=taken␣from␣a␣local␣folder,␣not␣from␣a␣registry → acme-corp-local⟫ = { path = "../⟪code → acme-corp-local⟫" }

[dependencies.⟪dependency section=runtime → acme-corp-table⟫]
version = "3"
features = ["⟪code → acme-corp-feature⟫"]

[dev-dependencies]
⟪dependency section=dev version=1 → acme-corp-testkit⟫ = "1"

[target.'cfg(unix)'.build-dependencies]
⟪dependency section=build → acme-corp-codegen⟫ = "1"

[workspace]
members = ["crates/⟪own-name section=workspaces → acme-corp-core⟫"]

[workspace.dependencies]
⟪dependency → acme-corp-shared⟫ = "1"

[features]
default = ["⟪code section=features → acme-corp-feature⟫"]
`),
  sample('Cargo.lock', `# This file is automatically @generated by Cargo.
version = 3

[[package]]
name = "⟪own-name → acme-corp-engine⟫"
version = "0.1.0"
dependencies = [
 "⟪dependency → acme-corp-auth⟫",
]

[[package]]
name = "⟪dependency version=1.4.2 registry=crates.acme-corp.com → acme-corp-auth⟫"
version = "1.4.2"
source = "registry+https://⟪resolved-url url=registry+https://crates.acme-corp.com/index → crates.acme-corp.com⟫/index"

[metadata]
"checksum ⟪dependency → acme-corp-auth⟫ 1.4.2 (registry+https://⟪resolved-url → crates.acme-corp.com⟫/index)" = "ad"
`),
  sample('.cargo/config.toml', `[registries.⟪registry-config → acme-corp-registry⟫]
index = "sparse+https://⟪registry-config registry=crates.acme-corp.com → crates.acme-corp.com⟫/index/"
[build]
target-dir = "/tmp/⟪code → acme-corp-target⟫"
`),
]
