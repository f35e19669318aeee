package io.penstock.net.cli;

/** What the process tells its parent. Service managers restart on some of these and not on others. */
public enum ExitCode {
    /** Done, or stopped in order after a signal. */
    OK(0),
    /** Something broke that a restart may or may not mend. */
    FAILURE(1),
    /** The arguments make no sense. */
    USAGE(2),
    /** A port or a data directory is in use; trying again later can help. {@code EX_TEMPFAIL} of sysexits. */
    BUSY(75),
    /** A setting is wrong; trying again cannot help. {@code EX_CONFIG} of sysexits. */
    BAD_CONFIGURATION(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
