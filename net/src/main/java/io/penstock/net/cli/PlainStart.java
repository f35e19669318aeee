package io.penstock.net.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The start that needs no library to be understood: at most a file and overrides. Picocli's classes are in the format of Java 5, which no
 * class archive takes, so that reading them would be a good part of a start. It gets everything that is not plain, mistakes above
 * all. Immutable.
 *
 * @param file of settings, if one was given
 * @param overrides as {@code KEY=VALUE}
 */
record PlainStart(@Nullable Path file, List<String> overrides) {
    private static final String COMMAND = "start";
    private static final String OVERRIDE = "--override";

    /** Empty if the arguments, or variables of the environment that matter to them, are more than this class knows. */
    static Optional<PlainStart> of(Map<String, String> environment, String... arguments) {
        if (environment.containsKey("LOG_FORMAT") || environment.containsKey("LOG_LEVEL")) {
            return Optional.empty();
        }
        Path file = null;
        List<String> overrides = new ArrayList<>();
        int first = arguments.length > 0 && arguments[0].equals(COMMAND) ? 1 : 0;
        for (int i = first; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals(OVERRIDE) && i + 1 < arguments.length && isSetting(arguments[i + 1])) {
                overrides.add(arguments[++i]);
            } else if (file == null && isFile(argument)) {
                file = Path.of(argument);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new PlainStart(file, List.copyOf(overrides)));
    }

    private static boolean isSetting(String text) {
        return isWord(text) && text.indexOf('=') > 0;
    }

    /** A first word without a point or a slash may be meant as a command. */
    private static boolean isFile(String text) {
        return isWord(text) && (text.indexOf('.') >= 0 || text.indexOf('/') >= 0);
    }

    /** Nothing that stands for something else: options, argument files, quoted text. */
    private static boolean isWord(String text) {
        return !text.isEmpty() && "-@\"'".indexOf(text.charAt(0)) < 0 && text.indexOf('\0') < 0;
    }
}
