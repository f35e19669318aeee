package io.penstock.net.launch;

import io.penstock.net.cli.CommandLineTool;
import io.penstock.net.cli.Terminal;
import io.penstock.net.logging.LogSetup;

/** Where the process begins: {@code java -jar penstock.jar}. */
public final class Main {

    /** Names are looked up by the JDK, once each at start; Netty's own resolver would cost a tenth of the start-up time. */
    private static final String NO_DNS_RESOLVER = "vertx.disableDnsResolver";

    private Main() {}

    /** Does what the arguments say; without arguments it starts a broker. Ends the process with the codes of {@code ExitCode}. */
    public static void main(String[] arguments) {
        long startedNs = System.nanoTime();
        LogSetup.begin();
        System.setProperty(NO_DNS_RESOLVER, "true");
        if (CommandLineTool.isStart(arguments)) {
            UnsafeAccess.allow();
            ClassWarmup.begin();
        }
        CommandLineTool tool =
                new CommandLineTool(Terminal.ofProcess(), new ServerProcess(startedNs), BuildInfo.version());
        int code = tool.run(arguments);
        LogSetup.flush();
        System.exit(code);
    }
}
