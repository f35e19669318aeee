#!/usr/bin/env node
// Writes JSON records to a topic and waits until the broker has acknowledged every one of them.

'use strict'

const { parseArgs } = require('node:util')
const { CompressionTypes, Kafka, logLevel } = require('kafkajs')

const USAGE = `usage: node json_producer.js [options]

Writes JSON records to a topic and waits until the broker has acknowledged every one of them.

  --bootstrap HOST:PORT   broker to start from (localhost:9092)
  --topic NAME            topic, created if it is not there (orders)
  --count N               records to write (10)
  --keys N                number of different keys (3)
  --batch N               records of one request (100)
  --acks 0|1|all          who must have a record before it counts as acknowledged (all)
  --compression none|gzip (none)
  --idempotent            let the broker recognise what is sent twice; needs acks all
  --quiet                 print only the summary
  --help                  this text

Needs kafkajs: npm ci in this directory.
Exit code: 0 all acknowledged, 1 some not, 2 wrong usage, 130 interrupted.
`

const OPTIONS = {
  bootstrap: { type: 'string', default: 'localhost:9092' },
  topic: { type: 'string', default: 'orders' },
  count: { type: 'string', default: '10' },
  keys: { type: 'string', default: '3' },
  batch: { type: 'string', default: '100' },
  acks: { type: 'string', default: 'all' },
  compression: { type: 'string', default: 'none' },
  idempotent: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
}

const ACKS = { 0: 0, 1: 1, all: -1 }
const COMPRESSION = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }

function readArguments() {
  try {
    const { values } = parseArgs({ options: OPTIONS })
    return {
      ...values,
      count: wholeNumber('count', values.count, 0),
      keys: wholeNumber('keys', values.keys, 1),
      batch: wholeNumber('batch', values.batch, 1),
      acks: oneOf('acks', ACKS, values.acks),
      compression: oneOf('compression', COMPRESSION, values.compression),
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

function wholeNumber(name, text, least) {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} must be a whole number of at least ${least}`)
  return number
}

function oneOf(name, allowed, text) {
  if (!Object.hasOwn(allowed, text)) throw new Error(`--${name} must be one of ${Object.keys(allowed).join(', ')}`)
  return allowed[text]
}

/** A record: its key decides the partition, so that orders of one customer stay in order. */
function order(number, keys) {
  const customer = `customer-${number % keys}`
  return { key: customer, value: JSON.stringify({ order: number, customer, cents: 100 + number, at: Date.now() }) }
}

/** Sends records and returns how many were acknowledged. With acks 0 the broker answers nothing: what was sent counts. */
async function send(producer, messages, settings) {
  const { topic, acks, compression, quiet } = settings
  const reports = await producer.send({ topic, acks, compression, messages })
  if (!quiet) {
    for (const { partition, baseOffset } of reports) {
      console.log(`${topic}[${partition}] acknowledged from offset ${baseOffset}`)
    }
    for (const { key, value } of messages) console.log(`${key} ${value}`)
  }
  return messages.length
}

async function main() {
  const settings = readArguments()
  if (settings.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const kafka = new Kafka({ clientId: 'json-producer', brokers: [settings.bootstrap], logLevel: logLevel.ERROR })
  const producer = kafka.producer({ idempotent: settings.idempotent })
  const started = Date.now()
  let acknowledged = 0
  await producer.connect()
  try {
    for (let first = 0; first < settings.count; first += settings.batch) {
      const size = Math.min(settings.batch, settings.count - first)
      const messages = Array.from({ length: size }, (_, i) => order(first + i, settings.keys))
      acknowledged += await send(producer, messages, settings)
    }
  } catch (error) {
    console.error(`not delivered: ${error.message}`)
  } finally {
    await producer.disconnect()
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(2)
  console.error(`${acknowledged} acknowledged, ${settings.count - acknowledged} not, in ${seconds} s`)
  return acknowledged === settings.count ? 0 : 1
}

process.once('SIGINT', () => process.exit(130))
main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`error: ${error.message}`)
    process.exit(1)
  },
)
