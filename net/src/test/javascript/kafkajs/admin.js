'use strict'

const { ConfigResourceTypes } = require('kafkajs')
const { assert, claims, createTopic, deleteRecords, kafka, newConsumer, produce, until, using } = require('./fixture')

const asAdmin = (work) => using(kafka.admin(), work)

/** A group that has read the topic and committed, and is empty again. */
async function leaveGroupBehind(groupId, topic) {
  let read = 0
  await using(newConsumer({ groupId }), async (consumer) => {
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: async () => void (read += 1) })
    await until('records are read', () => read === 3)
    await consumer.stop()
  })
}

claims({
  'a topic is created once, described, and deleted': () =>
    asAdmin(async (admin) => {
      const topic = { topic: 'a', numPartitions: 2, replicationFactor: 1 }
      assert.equal(await admin.createTopics({ waitForLeaders: true, topics: [topic] }), true)
      assert.equal(await admin.createTopics({ topics: [topic] }), false)
      const { topics } = await admin.fetchTopicMetadata({ topics: ['a'] })
      assert.deepEqual(topics[0].partitions.map((p) => p.partitionId).sort(), [0, 1])
      assert.ok(topics[0].partitions.every((p) => p.leader === topics[0].partitions[0].leader && p.isr.length === 1))
      await admin.deleteTopics({ topics: ['a'] })
      assert.ok(!(await admin.listTopics()).includes('a'))
    }),

  'a topic gets more partitions': () =>
    asAdmin(async (admin) => {
      await createTopic('grown', 1)
      await admin.createPartitions({ topicPartitions: [{ topic: 'grown', count: 4 }] })
      const { topics } = await admin.fetchTopicMetadata({ topics: ['grown'] })
      assert.equal(topics[0].partitions.length, 4)
    }),

  'the cluster is described': () =>
    asAdmin(async (admin) => {
      const cluster = await admin.describeCluster()
      assert.equal(cluster.brokers.length, 1)
      assert.equal(cluster.controller, cluster.brokers[0].nodeId)
      assert.match(cluster.clusterId, /^\S+$/)
    }),

  'offsets of a topic are found, also by time': () =>
    asAdmin(async (admin) => {
      await createTopic('timed')
      const before = Date.now()
      await produce('timed', 3, 0)
      const [offsets] = await admin.fetchTopicOffsets('timed')
      assert.deepEqual(offsets, { partition: 0, offset: '3', high: '3', low: '0' })
      assert.deepEqual(await admin.fetchTopicOffsetsByTimestamp('timed', before), [{ partition: 0, offset: '0' }])
      const later = await admin.fetchTopicOffsetsByTimestamp('timed', Date.now() + 3_600_000)
      assert.deepEqual(later, [{ partition: 0, offset: '3' }])
    }),

  'records are deleted up to an offset': () =>
    asAdmin(async (admin) => {
      await createTopic('trimmed')
      await produce('trimmed', 5, 0)
      await deleteRecords('trimmed', '2')
      assert.equal((await admin.fetchTopicOffsets('trimmed'))[0].low, '2')
      await deleteRecords('trimmed', '-1')
      assert.equal((await admin.fetchTopicOffsets('trimmed'))[0].low, '5')
      await assert.rejects(deleteRecords('trimmed', '9'), /Error while deleting records/)
    }),

  'settings of a topic are described and altered': () =>
    asAdmin(async (admin) => {
      await createTopic('configured', 1, [{ name: 'retention.ms', value: '1234567' }])
      const resource = { type: ConfigResourceTypes.TOPIC, name: 'configured' }
      const value = async (name) => {
        const answer = await admin.describeConfigs({ includeSynonyms: true, resources: [resource] })
        return answer.resources[0].configEntries.find((entry) => entry.configName === name).configValue
      }
      assert.equal(await value('retention.ms'), '1234567')
      const configEntries = [{ name: 'max.message.bytes', value: '2000' }]
      await admin.alterConfigs({ validateOnly: true, resources: [{ ...resource, configEntries }] })
      assert.equal(await value('max.message.bytes'), '1048588')
      await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
      assert.equal(await value('max.message.bytes'), '2000')
      assert.equal(await value('retention.ms'), '604800000') // what a full alteration does not name is reset
    }),

  'offsets of a group are fetched, set and reset': () =>
    asAdmin(async (admin) => {
      await createTopic('read', 2)
      await produce('read', 3, 0)
      await leaveGroupBehind('g-offsets', 'read')
      const fetch = async (more) => {
        const [topic] = await admin.fetchOffsets({ groupId: 'g-offsets', topics: ['read'], ...more })
        return topic.partitions.sort((a, b) => a.partition - b.partition).map((p) => p.offset)
      }
      assert.equal((await fetch())[0], '3')
      await admin.setOffsets({ groupId: 'g-offsets', topic: 'read', partitions: [{ partition: 0, offset: '1' }] })
      assert.equal((await fetch())[0], '1')
      await admin.resetOffsets({ groupId: 'g-offsets', topic: 'read', earliest: true })
      assert.deepEqual(await fetch({ resolveOffsets: true }), ['0', '0'])
    }),

  'groups are listed, described and deleted': () =>
    asAdmin(async (admin) => {
      await createTopic('grouped')
      await produce('grouped', 3, 0)
      await leaveGroupBehind('g-gone', 'grouped')
      const { groups } = await admin.listGroups()
      assert.deepEqual(
        groups.find((group) => group.groupId === 'g-gone'),
        { groupId: 'g-gone', protocolType: 'consumer' },
      )
      const described = (await admin.describeGroups(['g-gone'])).groups[0]
      assert.equal(described.state, 'Empty')
      assert.deepEqual(described.members, [])
      assert.equal((await admin.deleteGroups(['g-gone']))[0].errorCode, 0)
      assert.equal((await admin.describeGroups(['g-gone'])).groups[0].state, 'Dead')
      await assert.rejects(admin.deleteGroups(['g-gone']), (error) => error.name === 'KafkaJSDeleteGroupsError')
    }),
})
