// What the scripts beside this one share. Each is run by KafkajsIT with BOOTSTRAP in its environment and exits with 0 only if every
// assertion held.

'use strict'

const assert = require('node:assert/strict')
const { Kafka, logLevel } = require('kafkajs')

const LIMIT_MS = 30_000

const kafka = new Kafka({ clientId: 'usual-work', brokers: [process.env.BOOTSTRAP], logLevel: logLevel.NOTHING })

/** Stopping a consumer takes as long as a fetch that finds nothing: not the five seconds of the default. */
const newConsumer = (options) => kafka.consumer({ maxWaitTimeInMs: 200, ...options })

/** Runs named claims one after the other and ends the process: at the first that fails with 1. */
async function claims(all) {
  for (const [name, claim] of Object.entries(all)) {
    try {
      await claim()
      console.log(`ok: ${name}`)
    } catch (error) {
      console.error(`failed: ${name}\n${error.stack}`)
      process.exit(1)
    }
  }
  process.exit(0)
}

/** Connects, hands over, disconnects. */
async function using(client, work) {
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.disconnect()
  }
}

function createTopic(topic, numPartitions = 1, configEntries = []) {
  return using(kafka.admin(), (admin) =>
    admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }] }),
  )
}

/** Writes values v0, v1, ... to one partition, or by key to all of them. */
function produce(topic, count, partition) {
  const messages = Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `v${i}`, partition }))
  return using(kafka.producer(), (producer) => producer.send({ topic, messages }))
}

/** Deletes the records of partition 0 below an offset. kafkajs finds the leader only if it knows the topic already. */
function deleteRecords(topic, offset) {
  return using(kafka.admin(), async (admin) => {
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] })
  })
}

/** Waits until the question is answered with yes. */
async function until(what, question) {
  const deadline = Date.now() + LIMIT_MS
  while (!(await question())) {
    assert(Date.now() < deadline, `not within ${LIMIT_MS} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

module.exports = { assert, claims, createTopic, deleteRecords, kafka, newConsumer, produce, until, using }
