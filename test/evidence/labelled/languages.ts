import { sample, type Sample } from './sample.ts'

/** Imports, comments and everything else in programs. */
export const languages: readonly Sample[] = [
  sample('src/app.ts', `// see ⟪prose section=comment → acme-corp-old⟫, import x from '⟪prose → @acme-corp/old⟫'
/// <reference types="⟪import → @acme-corp/types⟫" />
import { a } from '⟪import language=JavaScript → @acme-corp/auth⟫/client'
import type { B } from "⟪import → acme-corp-types⟫"
import '⟪import → @acme-corp/polyfill⟫'
import {
  c,
} from '⟪import → acme-corp-log⟫'
export * from '⟪import → @acme-corp/ui⟫'
const d = require('⟪import → acme-corp-config⟫').default
const e = await import(\`⟪import → @acme-corp/lazy⟫\`)
jest.mock('⟪import → @acme-corp/auth⟫')
/* ⟪prose → HermesBuilder⟫
 * ⟪prose → acme-corp-block⟫ */
const url = 'https://⟪code language=JavaScript → api.acme-corp.com⟫/v1' // ⟪prose → HermesBuilder⟫
const name = '⟪code → acme-corp-name⟫'
`),
  sample('lib/old.js', `var a=require("⟪import → acme-corp-min⟫"),b="⟪code → acme-corp-str⟫";`),
  sample('jobs/run.py', `#!/usr/bin/env python
"""Runs ⟪code → HermesBuilder⟫."""
import os, ⟪import language=Python → acme_corp_auth⟫ as auth
from ⟪import → acme_corp_log⟫.handlers import Handler
from acme import ⟪import → acme_corp_sub⟫
import ⟪import → acme_corp_auth⟫.client
# import ⟪prose section=comment → acme_corp_old⟫
mod = importlib.import_module("⟪import → acme_corp_plugin⟫")
URL = "https://⟪code → api.acme-corp.com⟫"  # of ⟪prose → HermesBuilder⟫
print("install ⟪code → acme-corp-auth⟫ please")
`),
  sample('src/Main.java', `package ⟪own-name language=Java → com.acmecorp.shop⟫.checkout;

import ⟪import language=Java → com.acmecorp.auth⟫.Client;
import static ⟪import → com.acmecorp.util⟫.Strings.*;

/** Uses ⟪prose → HermesBuilder⟫. */
class Main {
  // ⟪prose → com.acmecorp.old⟫
  Object o = new ⟪code → com.acmecorp.other⟫.Thing("http://⟪code → api.acme-corp.com⟫");
}
`),
  sample('src/Main.kt', `package ⟪own-name → com.acmecorp.shop⟫
import ⟪import language=Kotlin → com.acmecorp.auth⟫.Client
val x = "⟪code → acme-corp-x⟫"
`),
  sample('src/Main.scala', `import ⟪import language=Scala → com.acmecorp.auth⟫.{Client, Token}\nval x = "⟪code → HermesBuilder⟫" // ⟪prose → HermesBuilder⟫\n`),
  sample('job.groovy', `@Grab('⟪dependency → com.acmecorp.auth⟫:auth:1')\nimport ⟪import → com.acmecorp.auth⟫.Client\n`),
  sample('src/Program.cs', `using System;
using ⟪import language=C# → Acme.Corp.Auth⟫;
using static ⟪import → Acme.Corp.Util⟫.Strings;
namespace ⟪own-name language=C# → Acme.Corp.Shop⟫;
// ⟪prose → Acme.Corp.Old⟫
var c = new ⟪code → Acme.Corp.Other⟫.Client();
`),
  sample('script.fsx', `#r "nuget: ⟪dependency → Acme.Corp.Auth⟫, 1.0"\nopen ⟪import → Acme.Corp.Auth⟫\n`),
  sample('Module.vb', `Imports ⟪import → Acme.Corp.Auth⟫\n' ⟪prose → HermesBuilder⟫\n`),
  sample('cmd/main.go', `package main

import "⟪import language=Go → git.acme-corp.com⟫/x"
import (
	"fmt"
	auth "⟪import → github.com/acme-corp/auth⟫/v2" // ⟪prose → HermesBuilder⟫
	_ "⟪import → git.acme-corp.com⟫/platform/log"
)

// ⟪prose → github.com/acme-corp/old⟫
var url = "https://⟪code → api.acme-corp.com⟫"
`),
  sample('src/lib.rs', `use ⟪import language=Rust → acme_corp_auth⟫::{Client, Token};
pub(crate) use ⟪import → acme_corp_log⟫ as log;
extern crate ⟪import → acme_corp_sys⟫;
// use ⟪prose → acme_corp_old⟫;
fn f<'a>(x: &'a str) -> String { format!("⟪code → acme-corp-x⟫") } // ⟪prose → HermesBuilder⟫
`),
  sample('lib/a.rb', `require '⟪import language=Ruby → acme_corp_auth⟫'
require_relative "⟪import → acme_corp_local⟫"
# ⟪prose → HermesBuilder⟫
x = "#{⟪code → acme_corp_x⟫}"
`),
  sample('src/a.php', `<?php
namespace ⟪own-name → AcmeCorp⟫\\Shop;
use ⟪import language=PHP → AcmeCorp⟫\\Auth\\Client;
require_once __DIR__ . '/vendor/⟪import → acme-corp/auth⟫/init.php';
# ⟪prose → HermesBuilder⟫
$x = '⟪code → acme-corp-x⟫';
`),
  sample('a.swift', `import ⟪import language=Swift → AcmeCorpKit⟫\nlet x = "⟪code → HermesBuilder⟫"\n`),
  sample('Package.swift', `let package = Package(dependencies: [\n  .package(url: "https://⟪resolved-url → git.acme-corp.com⟫/ios/kit.git", from: "1.0.0"),\n])\n`),
  sample('a.cc', `#include <⟪import language=C → acme_corp_auth⟫/client.h>\n#include "⟪import → acme_corp_log⟫.h"\nint x; // ⟪prose → HermesBuilder⟫\n`),
  sample('a.pl', `use ⟪import language=Perl → AcmeCorp⟫::Auth;\n# ⟪prose → HermesBuilder⟫\n`),
  sample('a.lua', `local a = require("⟪import → acme_corp_auth⟫")\n-- ⟪prose → HermesBuilder⟫\n`),
  sample('style.scss', `@use "⟪import → @acme-corp/tokens⟫/colors";\n/* ⟪prose → HermesBuilder⟫ */\n.x { background: url(https://⟪code → cdn.acme-corp.com⟫/x.png) }\n`),
  sample('api.proto', `package ⟪own-name → com.acmecorp.api⟫;\nimport "⟪import → acme_corp_types⟫/money.proto";\n// ⟪prose → HermesBuilder⟫\n`),
  sample('q.sql', `-- ⟪prose → HermesBuilder⟫\nSELECT '⟪code → acme-corp-x⟫' FROM t;\n`),
  sample('bin/tool', `#!/bin/sh\nnpm install -g ⟪dependency command=npm␣install → acme-corp-cli⟫\n⟪code → acme-corp-cli⟫ go\n`),
  sample('app.properties', `# ⟪prose → HermesBuilder⟫\nurl=https://⟪code → api.acme-corp.com⟫/\n`),
  sample('data.csv', `name,team\n⟪code → acme-corp-auth⟫,identity\n`),
  sample('page.xml', `<x><!-- ⟪prose → HermesBuilder⟫ --><y>⟪code → acme-corp-auth⟫</y></x>`),
  sample('weird.xyz', `⟪code → acme-corp-auth⟫ 1`),
]
