package io.penstock.bench.zerocopy;

/**
 * What was measured of one path and size. Immutable.
 *
 * @param payloadBytes moved while the clock ran
 * @param sender the thread that moved them
 * @param receiverCpuNs of the thread that received them; 0 if none did
 */
record CopyFigure(Subject subject, long payloadBytes, ThreadUse sender, long receiverCpuNs) {

    /**
     * What is measured.
     *
     * @param direction "fetch" or "append"
     * @param copies how often each byte is copied
     * @param steps those that copy every byte, for people
     */
    record Subject(String direction, String path, Touch touch, int batchBytes, int copies, String steps) {
        @Override
        public String toString() {
            return direction + ", " + path + ", " + touch.label() + ", " + batchBytes + " B";
        }
    }

    double megabytesPerSecond() {
        return payloadBytes * 1e3 / sender.elapsedNs();
    }

    /** Nanoseconds of the sender's processor time for each 1,000 bytes. */
    double cpuNsPerKilobyte() {
        return sender.cpuNs() * 1e3 / payloadBytes;
    }

    /** Nanoseconds of the receiver's processor time for each 1,000 bytes. */
    double receiverCpuNsPerKilobyte() {
        return receiverCpuNs * 1e3 / payloadBytes;
    }

    /** Minor page faults of the sender for each 1,000,000 bytes. */
    double faultsPerMegabyte() {
        return sender.minorFaults() * 1e6 / payloadBytes;
    }
}
