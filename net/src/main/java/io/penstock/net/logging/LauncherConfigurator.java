package io.penstock.net.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/**
 * Configures logback in code: reading an XML file would cost a tenth of the start-up time. Found by logback itself, and does
 * nothing unless {@link LogSetup#use} was called, so that this module on a class path leaves an application's logging alone.
 *
 * <p>Events go through a bounded queue to a thread of their own. While standard output is blocked and the queue full, events are
 * dropped: an event loop never waits for a terminal.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LauncherConfigurator extends ContextAwareBase implements Configurator {

    private static final String CHOSEN_PROPERTY = "penstock.log.chosen";
    private static final int QUEUED_EVENTS = 8192;
    private static final int FLUSH_TIMEOUT_MS = 1000;

    /** Libraries whose INFO lines tell an operator nothing. */
    private static final List<String> NOISY =
            List.of("net.openhft", "io.netty", "io.vertx", "org.apache.kafka", "io.micrometer", "jnr", "com.sun.jna");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String format = System.getProperty(LogSetup.FORMAT_PROPERTY);
        if (format == null || isLeftToFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Level level = Level.toLevel(System.getProperty(LogSetup.LEVEL_PROPERTY), Level.INFO);
        context.putProperty(CHOSEN_PROPERTY, chosen());
        quieten(context, level);
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(queue(context, console(context, LogFormat.valueOf(format))));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether the context was configured as the launcher now wants it, or by a file that the launcher must leave alone. */
    static boolean isUpToDate(LoggerContext context) {
        return isLeftToFile() || chosen().equals(context.getProperty(CHOSEN_PROPERTY));
    }

    private static boolean isLeftToFile() {
        return System.getProperty("logback.configurationFile") != null;
    }

    private static String chosen() {
        return System.getProperty(LogSetup.FORMAT_PROPERTY) + " " + System.getProperty(LogSetup.LEVEL_PROPERTY);
    }

    private static void quieten(LoggerContext context, Level level) {
        Level atLeast = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        NOISY.forEach(name -> context.getLogger(name).setLevel(atLeast));
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, LogFormat format) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName("console");
        console.setContext(context);
        console.setEncoder(encoder(context, format));
        console.start();
        return console;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? json() : text(context);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        TextLayout layout = new TextLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        return encoder;
    }

    private static AsyncAppender queue(LoggerContext context, ConsoleAppender<ILoggingEvent> target) {
        AsyncAppender queue = new AsyncAppender();
        queue.setName("queue");
        queue.setContext(context);
        queue.setQueueSize(QUEUED_EVENTS);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_TIMEOUT_MS);
        queue.addAppender(target);
        queue.start();
        return queue;
    }
}
