#!/usr/bin/env node
// Reads JSON records of a topic as a member of a group; the client commits the offsets by itself while it reads.

'use strict'

const { parseArgs } = require('node:util')
const { Kafka, logLevel } = require('kafkajs')

const USAGE = `usage: node json_consumer.js [options]

Reads JSON records of a topic as a member of a group; the client commits the offsets by itself while it reads.

  --bootstrap HOST:PORT   broker to start from (localhost:9092)
  --topic NAME            topic, created if it is not there (orders)
  --group NAME            group whose members share the partitions (json-consumer)
  --count N               stop after N records; 0 goes on for ever (0)
  --timeout S             give up after so many seconds without a record (30)
  --from beginning|end    where a group starts that has not committed an offset yet (beginning)
  --help                  this text

Needs kafkajs: npm ci in this directory.
Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage, 130 interrupted.
`

const OPTIONS = {
  bootstrap: { type: 'string', default: 'localhost:9092' },
  topic: { type: 'string', default: 'orders' },
  group: { type: 'string', default: 'json-consumer' },
  count: { type: 'string', default: '0' },
  timeout: { type: 'string', default: '30' },
  from: { type: 'string', default: 'beginning' },
  help: { type: 'boolean', default: false },
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: OPTIONS })
    if (!['beginning', 'end'].includes(values.from)) throw new Error('--from must be beginning or end')
    return { ...values, count: wholeNumber('count', values.count, 0), timeout: wholeNumber('timeout', values.timeout, 1) }
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

/** Prints one record. What is not JSON is shown as such and does not stop the reading. */
function show(topic, partition, { offset, key, value }) {
  const place = `${topic}[${partition}]@${offset} ${key ?? ''}`
  try {
    console.log(`${place} ${JSON.stringify(JSON.parse(value ?? 'null'))}`)
  } catch {
    console.error(`${place} is not JSON: ${value}`)
  }
}

/** Reads until enough has come, too long nothing came, or the client gave up; returns the number of records. */
function read(consumer, { count, timeout }) {
  return new Promise((resolve, reject) => {
    let records = 0
    const finish = () => resolve(consumer.stop().then(() => records)) // commits what was read; no further record is handled
    let alarm = setTimeout(finish, timeout * 1000)
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error)
    })
    const eachMessage = async ({ topic, partition, message }) => {
      show(topic, partition, message)
      records += 1
      clearTimeout(alarm)
      if (records === count) finish()
      else alarm = setTimeout(finish, timeout * 1000)
    }
    consumer.run({ autoCommitInterval: 1000, eachMessage }).catch(reject)
  })
}

async function main() {
  const settings = readArguments()
  if (settings.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const kafka = new Kafka({ clientId: 'json-consumer', brokers: [settings.bootstrap], logLevel: logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: settings.group, maxWaitTimeInMs: 500 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topic: settings.topic, fromBeginning: settings.from === 'beginning' })
    const records = await read(consumer, settings)
    console.error(`${records} records read`)
    return records >= settings.count ? 0 : 1
  } finally {
    await consumer.disconnect() // leaves the group
  }
}

process.once('SIGINT', () => process.exit(130))
main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`error: ${error.message}`)
    process.exit(1)
  },
)
