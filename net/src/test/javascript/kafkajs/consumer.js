'use strict'

const { assert, claims, createTopic, deleteRecords, kafka, newConsumer, produce, until, using } = require('./fixture')

const member = (groupId, options) => newConsumer({ groupId, heartbeatInterval: 500, ...options })

async function committed(groupId, topic) {
  const [{ partitions }] = await using(kafka.admin(), (admin) => admin.fetchOffsets({ groupId, topics: [topic] }))
  return partitions.sort((a, b) => a.partition - b.partition).map((p) => p.offset)
}

/** A member that remembers what it was assigned and what it read. */
async function join(groupId, topic, options) {
  const consumer = member(groupId, options)
  const state = { consumer, partitions: [], values: [] }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    state.partitions = payload.memberAssignment[topic] ?? []
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => void state.values.push(message.value.toString()) })
  return state
}

claims({
  'batches are read and what was resolved is committed': async () => {
    await createTopic('batches')
    await produce('batches', 20, 0)
    await using(member('g-batches'), async (consumer) => {
      let seen = 0
      await consumer.subscribe({ topic: 'batches', fromBeginning: true })
      await consumer.run({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets }) => {
          assert.equal(batch.highWatermark, '20')
          for (const message of batch.messages.slice(0, 12 - seen)) {
            resolveOffset(message.offset)
            seen += 1
          }
          await heartbeat()
          await commitOffsetsIfNecessary(uncommittedOffsets())
        },
      })
      await until('twelve records are seen', () => seen === 12)
      await consumer.stop()
    })
    assert.deepEqual(await committed('g-batches', 'batches'), ['12'])
  },

  'nothing is committed but by hand when automatic commits are off': async () => {
    await createTopic('by-hand')
    await produce('by-hand', 5, 0)
    await using(member('g-by-hand'), async (consumer) => {
      let seen = 0
      await consumer.subscribe({ topic: 'by-hand', fromBeginning: true })
      await consumer.run({ autoCommit: false, eachMessage: async () => void (seen += 1) })
      await until('five records are seen', () => seen === 5)
      assert.deepEqual(await committed('g-by-hand', 'by-hand'), ['-1'])
      await consumer.commitOffsets([{ topic: 'by-hand', partition: 0, offset: '4', metadata: 'note' }])
      await consumer.stop()
    })
    assert.deepEqual(await committed('g-by-hand', 'by-hand'), ['4'])
  },

  'a consumer goes to an offset, pauses and resumes': async () => {
    await createTopic('moved')
    await produce('moved', 10, 0)
    await using(member('g-moved'), async (consumer) => {
      const offsets = []
      await consumer.subscribe({ topic: 'moved', fromBeginning: true })
      await consumer.run({ eachMessage: async ({ message }) => void offsets.push(message.offset) })
      consumer.seek({ topic: 'moved', partition: 0, offset: '7' })
      await until('the end is read', () => offsets.at(-1) === '9')
      assert.deepEqual(offsets.slice(-3), ['7', '8', '9'])

      consumer.pause([{ topic: 'moved' }])
      assert.deepEqual(consumer.paused(), [{ topic: 'moved', partitions: [0] }])
      await produce('moved', 1, 0)
      await new Promise((resolve) => setTimeout(resolve, 500))
      assert.equal(offsets.at(-1), '9')
      consumer.resume([{ topic: 'moved' }])
      await until('the new record is read', () => offsets.at(-1) === '10')
      await consumer.stop()
    })
  },

  'an offset that is no longer there sends the consumer to the beginning': async () => {
    await createTopic('cut')
    await produce('cut', 6, 0)
    await deleteRecords('cut', '4')
    await using(member('g-cut'), async (consumer) => {
      const offsets = []
      await consumer.subscribe({ topic: 'cut', fromBeginning: true })
      await consumer.run({ eachMessage: async ({ message }) => void offsets.push(message.offset) })
      consumer.seek({ topic: 'cut', partition: 0, offset: '1' })
      await until('the rest is read', () => offsets.includes('5'))
      assert.ok(offsets.every((offset) => Number(offset) >= 4))
      await consumer.stop()
    })
  },

  'members share the partitions, and take over from the one that leaves': async () => {
    await createTopic('shared', 6)
    await produce('shared', 60)
    const members = []
    for (let i = 0; i < 3; i++) members.push(await join('g-shared', 'shared', { rebalanceTimeout: 10_000 }))
    const owned = () => members.flatMap((m) => m.partitions).sort()
    const isShared = () => owned().join() === '0,1,2,3,4,5' && members.every((m) => m.partitions.length === 6 / members.length)

    await until('three members have two partitions each', isShared)
    await members.pop().consumer.disconnect()
    await until('two members have three partitions each', isShared)
    await produce('shared', 12)
    await until('everything is read', () => members.flatMap((m) => m.values).length >= 12)
    const described = (await using(kafka.admin(), (admin) => admin.describeGroups(['g-shared']))).groups[0]
    assert.equal(described.state, 'Stable')
    assert.equal(described.protocol, 'RoundRobinAssigner')
    assert.equal(described.members.length, 2)
    await Promise.all(members.map((m) => m.consumer.disconnect()))
    assert.deepEqual(await committed('g-shared', 'shared').then((all) => all.reduce((sum, o) => sum + Number(o), 0)), 72)
  },
})
