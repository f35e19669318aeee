package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.ClusterAdmin;
import io.penstock.core.GroupCoordinator;
import io.penstock.core.PartitionRouter;
import io.penstock.core.TransactionCoordinator;
import io.penstock.core.metadata.MetadataImage;

/** A broker made of doubles that tests look into. */
public final class FakeKernel implements BrokerKernel {
    public final FakeCluster cluster = new FakeCluster();
    public final FakePartitionRouter router = new FakePartitionRouter();
    public final FakeClusterAdmin clusterAdmin = new FakeClusterAdmin(cluster);
    public final FakeGroups groups = new FakeGroups();
    public final FakeTransactions transactions = new FakeTransactions();

    @Override
    public int nodeId() {
        return FakeCluster.NODE;
    }

    @Override
    public MetadataImage metadata() {
        return cluster.image();
    }

    @Override
    public PartitionRouter partitions() {
        return router;
    }

    @Override
    public ClusterAdmin admin() {
        return clusterAdmin;
    }

    @Override
    public GroupCoordinator groups() {
        return groups;
    }

    @Override
    public TransactionCoordinator transactions() {
        return transactions;
    }
}
