package io.penstock.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server that can be loaded, whoever started it. */
interface ServerUnderLoad {
    /** Where it listens. */
    InetSocketAddress address();

    /** Processor time that it has used, in nanoseconds; {@link Double#NaN} if nobody can tell. */
    double cpuNs() throws IOException;
}
