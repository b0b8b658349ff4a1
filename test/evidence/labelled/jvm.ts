import { sample, type Sample } from './sample.ts'

/** Maven, Gradle, sbt. */
export const jvm: readonly Sample[] = [
  sample('pom.xml', `<?xml version="1.0" encoding="UTF-8"?>
<!-- moved from ⟪prose section=comment → HermesBuilder⟫ -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>⟪dependency section=parent version=7.1 → com.acmecorp.build⟫</groupId>
    <artifactId>⟪dependency section=parent → acme-corp-parent⟫</artifactId>
    <version>7.1</version>
  </parent>
  <groupId>⟪own-name → com.acmecorp.shop⟫</groupId>
  <artifactId>⟪own-name version=2.0.0 → acme-corp-checkout⟫</artifactId>
  <version>2.0.0</version>
  <name>⟪prose section=name → HermesBuilder⟫ checkout</name>
  <description>Talks to ⟪prose section=description → acme-corp-auth⟫</description>
  <scm><url>https://⟪code section=scm → git.acme-corp.com⟫/shop</url></scm>
  <modules><module>⟪own-name section=modules → acme-corp-api⟫</module></modules>
  <properties><⟪code section=properties → acme-corp-auth⟫.version>1.4</⟪code → acme-corp-auth⟫.version></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>⟪dependency section=managed → com.acmecorp.bom⟫</groupId><artifactId>bom</artifactId><version>1</version>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>⟪dependency section=runtime version=1.4.2 → com.acmecorp.auth⟫</groupId>
      <artifactId>⟪dependency section=runtime version=1.4.2 → acme-corp-auth⟫</artifactId>
      <version>1.4.2</version>
      <exclusions><exclusion><groupId>⟪code section=exclusion → com.acmecorp.legacy⟫</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>⟪dependency section=test → com.acmecorp.testkit⟫</groupId>
      <artifactId>testkit</artifactId>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <build><plugins><plugin>
    <groupId>⟪dependency section=build → com.acmecorp.plugins⟫</groupId>
    <artifactId>release-plugin</artifactId>
    <configuration><image>⟪code → registry.acme-corp.com⟫/x</image></configuration>
  </plugin></plugins></build>
  <repositories><repository>
    <id>⟪registry-config key=repository → acme-corp-releases⟫</id>
    <url>https://⟪registry-config registry=artifactory.acme-corp.com url=https://artifactory.acme-corp.com/maven → artifactory.acme-corp.com⟫/maven</url>
  </repository></repositories>
  <distributionManagement><snapshotRepository><url>https://⟪registry-config → artifactory.acme-corp.com⟫/snapshots</url></snapshotRepository></distributionManagement>
</project>
`),
  sample('.m2/settings.xml', `<settings>
  <servers><server><id>⟪registry-config key=server → acme-corp-releases⟫</id><password>hunter2</password></server></servers>
  <mirrors><mirror><id>all</id><url>https://⟪registry-config key=mirror registry=artifactory.acme-corp.com → artifactory.acme-corp.com⟫/all</url></mirror></mirrors>
  <!-- ⟪prose → HermesBuilder⟫ -->
  <profiles><profile><properties><sonar>https://⟪code → sonar.acme-corp.com⟫</sonar></properties></profile></profiles>
</settings>
`),
  sample('build.gradle', `import ⟪import → com.acmecorp.gradle⟫.Release

// once ⟪prose section=comment → acme-corp-old⟫
buildscript {
  repositories { maven { url 'https://⟪registry-config registry=artifactory.acme-corp.com → artifactory.acme-corp.com⟫/plugins' } }
  dependencies { classpath '⟪dependency section=build version=1.0 → com.acmecorp.gradle⟫:release:1.0' }
}
plugins {
  id 'java'
  id '⟪dependency section=plugin version=3.1 → com.acmecorp.release⟫' version '3.1'
}
group = '⟪own-name → com.acmecorp.shop⟫'
description = 'Checkout of ⟪prose section=description → HermesBuilder⟫'
repositories {
  mavenCentral()
  maven {
    url "https://⟪registry-config registry=artifactory.acme-corp.com → artifactory.acme-corp.com⟫/maven" /* ⟪prose → HermesBuilder⟫ */
    content { includeGroup "⟪registry-config → com.acmecorp⟫" }
  }
}
dependencies {
  implementation '⟪dependency section=runtime version=1.4.2 → com.acmecorp.auth⟫:⟪dependency version=1.4.2 → acme-corp-auth⟫:1.4.2'
  implementation platform("⟪dependency → com.acmecorp.bom⟫:bom:$bomVersion")
  testImplementation group: '⟪dependency section=test version=2.0 → com.acmecorp.testkit⟫', name: '⟪dependency section=test → acme-corp-testkit⟫', version: '2.0'
  annotationProcessor("⟪dependency section=build → com.acmecorp.codegen⟫:processor:1")
  implementation project(':⟪code section=project → acme-corp-api⟫')
  implementation('org.x:y:1') { exclude group: '⟪code section=exclusion → com.acmecorp.legacy⟫' }
}
publishing { publications { lib(MavenPublication) { artifactId = '⟪own-name section=publication → acme-corp-checkout⟫' } } }
task hello { doLast { println '⟪code → HermesBuilder⟫' } }
apply plugin: '⟪dependency section=plugin → com.acmecorp.lint⟫'
`),
  sample('app/build.gradle.kts', `plugins {
    id("⟪dependency section=plugin version=3.1 → com.acmecorp.release⟫") version "3.1"
}
group = "⟪own-name → com.acmecorp.shop⟫"
repositories {
    maven { url = uri("https://⟪registry-config → artifactory.acme-corp.com⟫/maven") }
    maven("https://⟪registry-config → artifactory.acme-corp.com⟫/maven2")
}
dependencies {
    implementation("⟪dependency section=runtime version=1.4.2 → com.acmecorp.auth⟫:⟪dependency → acme-corp-auth⟫:1.4.2")
    debugImplementation("⟪dependency section=dev → com.acmecorp.debug⟫:tools:1")
    // implementation("⟪prose → com.acmecorp.old⟫:old:1")
}
`),
  sample('settings.gradle', `rootProject.name = '⟪own-name → acme-corp-shop⟫'
include ':⟪own-name section=modules → acme-corp-api⟫'
dependencyResolutionManagement { repositories { maven { url 'https://⟪registry-config → artifactory.acme-corp.com⟫/maven' } } }
`),
  sample('gradle/libs.versions.toml', `[versions]
⟪code section=versions → acme-corp-auth⟫ = "1.4.2"
[libraries]
⟪code section=libraries → acme-corp-auth⟫ = { module = "⟪dependency section=runtime → com.acmecorp.auth⟫:⟪dependency → acme-corp-auth⟫", version.ref = "⟪code → acme-corp-auth⟫" }
log = { group = "⟪dependency version=2.0 → com.acmecorp.log⟫", name = "⟪dependency → acme-corp-log⟫", version = "2.0" }
short = "⟪dependency version=3.0 → com.acmecorp.short⟫:short:3.0" # ⟪prose → HermesBuilder⟫
[plugins]
release = { id = "⟪dependency section=plugin version=1.0 → com.acmecorp.release⟫", version = "1.0" }
`),
  sample('build.sbt', `name := "⟪own-name → acme-corp-stream⟫"
organization := "⟪own-name → com.acmecorp.stream⟫"
resolvers += "acme" at "https://⟪registry-config registry=artifactory.acme-corp.com → artifactory.acme-corp.com⟫/sbt"
libraryDependencies ++= Seq(
  "⟪dependency section=runtime version=1.4.2 → com.acmecorp.auth⟫" %% "⟪dependency → acme-corp-auth⟫" % "1.4.2", // ⟪prose → HermesBuilder⟫
  "⟪dependency section=test → com.acmecorp.testkit⟫" % "testkit" % "1" % Test
)
`),
  sample('Snippet.md', `Add this to your build:

\`\`\`xml
<dependency>
  <groupId>⟪dependency format=pom in=code␣block → com.acmecorp.auth⟫</groupId>
  <artifactId>⟪dependency version=1.4.2 → acme-corp-auth⟫</artifactId>
  <version>1.4.2</version>
</dependency>
\`\`\`

or

\`\`\`kotlin
dependencies {
    implementation("⟪dependency format=gradle in=code␣block → com.acmecorp.auth⟫:⟪dependency → acme-corp-auth⟫:1.4.2")
}
\`\`\`
`),
]
