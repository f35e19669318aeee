'use strict'

const { CompressionTypes } = require('kafkajs')
const { assert, claims, createTopic, kafka, newConsumer, until, using } = require('./fixture')

/** All messages of a topic in the order of one partition. */
async function readAll(topic, count) {
  const messages = []
  await using(newConsumer({ groupId: `all-of-${topic}` }), async (consumer) => {
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void messages.push(message) })
    await until(`${count} records are read`, () => messages.length >= count)
    await consumer.stop()
  })
  return messages
}

const sent = (count) => Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `v${i}`, headers: { h: `${i}` } }))

claims({
  'records come back with key, headers and timestamp, whatever wrote them': async () => {
    const ways = { plain: {}, gzip: { compression: CompressionTypes.GZIP }, leader: { acks: 1 }, all: { acks: -1 } }
    for (const [name, options] of Object.entries(ways)) {
      await createTopic(name)
      const reports = await using(kafka.producer(), (producer) =>
        producer.send({ topic: name, ...options, messages: sent(10).map((m) => ({ ...m, timestamp: '1700000000000' })) }),
      )
      assert.equal(reports[0].baseOffset, '0')
      const read = await readAll(name, 10)
      assert.deepEqual(
        read.map((m) => [m.key.toString(), m.value.toString(), m.headers.h.toString(), m.timestamp, m.offset]),
        sent(10).map((m, i) => [m.key, m.value, m.headers.h, '1700000000000', `${i}`]),
      )
    }
  },

  'records sent without acknowledgement arrive': async () => {
    await createTopic('unacknowledged')
    await using(kafka.producer(), async (producer) => {
      await producer.send({ topic: 'unacknowledged', acks: 0, messages: sent(10) })
      assert.equal((await readAll('unacknowledged', 10)).length, 10)
    })
  },

  'an idempotent producer writes each record once, in order': async () => {
    await createTopic('idempotent')
    await using(kafka.producer({ idempotent: true, maxInFlightRequests: 1 }), async (producer) => {
      for (let i = 0; i < 5; i++) await producer.send({ topic: 'idempotent', messages: [{ value: `${i}` }] })
    })
    assert.deepEqual((await readAll('idempotent', 5)).map((m) => m.value.toString()), ['0', '1', '2', '3', '4'])
  },

  'one request carries records for several topics': async () => {
    await createTopic('several-a')
    await createTopic('several-b')
    const topicMessages = ['several-a', 'several-b'].map((topic) => ({ topic, messages: sent(3) }))
    await using(kafka.producer(), (producer) => producer.sendBatch({ topicMessages }))
    assert.equal((await readAll('several-a', 3)).length, 3)
    assert.equal((await readAll('several-b', 3)).length, 3)
  },

  'a record that is too large is refused': async () => {
    await createTopic('small', 1, [{ name: 'max.message.bytes', value: '1000' }])
    await using(kafka.producer({ retry: { retries: 0 } }), (producer) =>
      assert.rejects(
        producer.send({ topic: 'small', messages: [{ value: 'x'.repeat(2000) }] }),
        (error) => error.type === 'MESSAGE_TOO_LARGE',
      ),
    )
  },

  'a topic comes into being when a producer names it': async () => {
    await using(kafka.producer({ allowAutoTopicCreation: true }), (producer) =>
      producer.send({ topic: 'created-by-use', messages: sent(1) }),
    )
    assert.equal((await readAll('created-by-use', 1)).length, 1)
  },
})
