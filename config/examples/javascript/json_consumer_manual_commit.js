#!/usr/bin/env node
// Reads JSON records of a topic in batches and commits the offsets itself, after a batch has been dealt with.
// A record is read again if the program ends between its work and the commit, and is never lost: at least once.

'use strict'

const { parseArgs } = require('node:util')
const { Kafka, logLevel } = require('kafkajs')

const USAGE = `usage: node json_consumer_manual_commit.js [options]

Reads JSON records of a topic in batches and commits the offsets itself, after a batch has been dealt with.

  --bootstrap HOST:PORT   broker to start from (localhost:9092)
  --topic NAME            topic, created if it is not there (orders)
  --group NAME            group whose members share the partitions (json-consumer-manual)
  --count N               stop after N records; 0 goes on for ever (0)
  --batch N               most records between two commits (100)
  --timeout S             give up after so many seconds without a record (30)
  --help                  this text

Needs kafkajs: npm ci in this directory.
Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage, 130 interrupted.
`

const OPTIONS = {
  bootstrap: { type: 'string', default: 'localhost:9092' },
  topic: { type: 'string', default: 'orders' },
  group: { type: 'string', default: 'json-consumer-manual' },
  count: { type: 'string', default: '0' },
  batch: { type: 'string', default: '100' },
  timeout: { type: 'string', default: '30' },
  help: { type: 'boolean', default: false },
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: OPTIONS })
    return {
      ...values,
      count: wholeNumber('count', values.count, 0),
      batch: wholeNumber('batch', values.batch, 1),
      timeout: wholeNumber('timeout', values.timeout, 1),
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

/** Stands for what an application does with a record. */
function work(topic, partition, { offset, value }) {
  const place = `${topic}[${partition}]@${offset}`
  try {
    console.log(`${place} ${JSON.stringify(JSON.parse(value ?? 'null'))}`)
  } catch {
    console.error(`${place} is not JSON: ${value}`)
  }
}

/** Commits the offset after the last record that was dealt with, and waits for the answer. */
async function commit(consumer, topic, partition, last) {
  const offset = (BigInt(last.offset) + 1n).toString()
  await consumer.commitOffsets([{ topic, partition, offset }])
  console.error(`committed ${topic}[${partition}]@${offset}`)
}

/** Reads until enough has come, too long nothing came, or the client gave up; returns the number of records. */
function read(consumer, { count, batch: batchSize, timeout }) {
  return new Promise((resolve, reject) => {
    let records = 0
    const finish = () => resolve(consumer.stop().then(() => records)) // no further batch is handled
    let alarm = setTimeout(finish, timeout * 1000)
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error)
    })
    const eachBatch = async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      const { topic, partition, messages } = batch
      let first = 0
      while (first < messages.length && isRunning() && !isStale()) {
        const left = count > 0 ? count - records : messages.length // what is over the count stays uncommitted
        const part = messages.slice(first, first + Math.min(batchSize, left))
        for (const message of part) work(topic, partition, message)
        await commit(consumer, topic, partition, part.at(-1))
        resolveOffset(part.at(-1).offset)
        await heartbeat()
        first += part.length
        records += part.length
        clearTimeout(alarm)
        if (records === count) finish()
        else alarm = setTimeout(finish, timeout * 1000)
      }
    }
    consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }).catch(reject)
  })
}

async function main() {
  const settings = readArguments()
  if (settings.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const kafka = new Kafka({ clientId: 'json-consumer-manual', brokers: [settings.bootstrap], logLevel: logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: settings.group, maxWaitTimeInMs: 500 })
  await consumer.connect()
  try {
    await consumer.subscribe({ topic: settings.topic, fromBeginning: true })
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
