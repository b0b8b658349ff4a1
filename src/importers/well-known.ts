import type { Ecosystem } from '../contracts/inventory.ts'

/**
 * Public packages that stand in very many projects, written down by hand: the packages that this project itself depends
 * on, and for each ecosystem those that its own tutorials and templates install. No ranking was copied, and none is
 * complete: a name that is not here may be well known all the same.
 */
const wellKnown: Readonly<Partial<Record<Ecosystem, ReadonlySet<string>>>> = {
  npm: words(`ajv angular async autoprefixer axios babel-core bluebird body-parser bootstrap bullmq chai chalk cheerio chokidar classnames
    commander concurrently cookie-parser core-js cors cron-parser cross-env css-loader csv-parse d3 date-fns dayjs debug dotenv drizzle-orm
    ejs electron entities esbuild eslint eventemitter3 execa express fast-check fastify firebase fs-extra glob got graphql graphql-tag grunt
    gulp handlebars helmet hono html-webpack-plugin htmlparser2 husky iconv-lite immer inquirer ioredis jasmine jest joi jquery js-yaml json5
    jsonwebtoken karma knex koa less lint-staged lodash lru-cache luxon magic-string marked minimist mkdirp mocha moment mongodb mongoose morgan
    ms multer mysql mysql2 nanoid next node-cron node-fetch nodemailer nodemon nuxt ora oxlint parse5 passport path-to-regexp pg picocolors
    picomatch pino playwright postcss postgres preact prettier prisma prop-types puppeteer qs query-string ramda react react-dom react-redux
    react-router react-router-dom redis redux request rimraf rolldown rollup rxjs sass semver sequelize sinon socket.io sqlite3 style-loader
    styled-components supertest svelte tailwindcss three ts-jest ts-node tslib typeorm typescript uglify-js underscore undici uuid validator
    vite vitest vue vuex webpack webpack-cli winston ws xml2js yaml yargs yauzl zod zone.js zustand`),
  pypi: words(`aiohttp alembic attrs beautifulsoup4 black boto3 botocore celery certifi cffi charset-normalizer click colorama coverage cryptography
    django fastapi flake8 flask gunicorn httpx idna isort jinja2 jsonschema jupyter keras lxml markupsafe matplotlib mypy nltk notebook numpy
    openpyxl packaging pandas pillow pip plotly poetry protobuf psycopg2 psycopg2-binary pyarrow pycparser pydantic pygments pyjwt pylint pymongo
    pytest pytest-cov python-dateutil python-dotenv pytz pyyaml redis requests rich scikit-learn scipy seaborn selenium setuptools six sphinx
    sqlalchemy starlette tensorflow tokenizers torch tornado tox tqdm transformers twine typing-extensions urllib3 uvicorn virtualenv werkzeug
    wheel xgboost`),
  maven: words(`ch.qos.logback:logback-classic com.fasterxml.jackson.core:jackson-databind com.google.code.gson:gson com.google.guava:guava
    com.h2database:h2 commons-io:commons-io commons-lang:commons-lang jakarta.persistence:jakarta.persistence-api javax.servlet:javax.servlet-api
    junit:junit log4j:log4j mysql:mysql-connector-java org.apache.commons:commons-lang3 org.apache.httpcomponents:httpclient
    org.apache.logging.log4j:log4j-core org.assertj:assertj-core org.hibernate:hibernate-core org.junit.jupiter:junit-jupiter
    org.mockito:mockito-core org.postgresql:postgresql org.projectlombok:lombok org.slf4j:slf4j-api org.springframework:spring-core
    org.springframework.boot:spring-boot-starter`),
  nuget: words(`autofac automapper castle.core dapper entityframework fluentassertions fluentvalidation log4net mediatr moq newtonsoft.json nlog
    npgsql nunit polly restsharp serilog swashbuckle.aspnetcore xunit`),
  rubygems: words(`activerecord activesupport aws-sdk bootsnap bundler capybara concurrent-ruby devise faker faraday i18n jekyll json minitest
    nokogiri pg puma rack rails rake redis rspec rubocop sass sidekiq sinatra sqlite3 thor`),
  crates: words(`actix-web anyhow async-trait axum bytes chrono clap crossbeam futures hyper itertools lazy_static libc log num once_cell rand rayon
    regex reqwest serde serde_json syn thiserror tokio tracing url uuid`),
  packagist: words(`doctrine/orm guzzlehttp/guzzle laravel/framework league/flysystem monolog/monolog nesbot/carbon phpunit/phpunit psr/log
    symfony/console symfony/http-foundation twig/twig vlucas/phpdotenv`),
  go: words(`github.com/gin-gonic/gin github.com/gorilla/mux github.com/sirupsen/logrus github.com/spf13/cobra github.com/stretchr/testify
    golang.org/x/crypto golang.org/x/net google.golang.org/grpc gopkg.in/yaml.v3`),
  docker: words('alpine busybox debian golang httpd mongo mysql nginx node openjdk php postgres python redis ruby ubuntu'),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** True for a package of the list. @param key the canonical key of its name */
export function isWellKnown(key: string, ecosystem: Ecosystem | null): boolean {
  if (ecosystem !== null) return wellKnown[ecosystem]?.has(key) === true
  return Object.values(wellKnown).some((names) => names.has(key))
}
