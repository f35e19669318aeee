package io.penstock.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs: once, for a moment, in this JVM. What it measures so is worth nothing. */
@Timeout(120)
final class MicroBenchmarksIT {
    static Set<String> classes() {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(BenchmarkListEntry::getUserClassQName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> methods(String benchmark) throws ClassNotFoundException {
        return Stream.of(Class.forName(benchmark).getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(method -> benchmark + "." + method.getName())
                .collect(Collectors.toSet());
    }

    private static Collection<RunResult> run(String benchmark) throws RunnerException {
        Options options = new OptionsBuilder()
                .include("^" + benchmark.replace(".", "\\.") + "\\.")
                .param("valueBytes", "1000")
                .param("records", "1x100", "1000x150")
                .param("batches", "100")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(50))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).run();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void shouldRunEveryBenchmark(String benchmark) throws Exception {
        // when
        Collection<RunResult> results = run(benchmark);

        // then
        assertThat(results).isNotEmpty().allSatisfy(result -> {
            assertThat(result.getPrimaryResult().getScore()).isPositive();
            assertThat(result.getPrimaryResult().getSampleCount()).isPositive();
        });
        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark())
                .containsAll(methods(benchmark));
    }

    @Test
    void shouldHaveABenchmarkForEachStage() {
        assertThat(classes())
                .extracting(name -> name.substring(name.lastIndexOf('.') + 1))
                .containsExactly(
                        "AppendBenchmark",
                        "DecodeBenchmark",
                        "EncodeBenchmark",
                        "EventBusBenchmark",
                        "IndexBenchmark",
                        "ProduceToConsumeBenchmark",
                        "ReadBenchmark",
                        "RouterBenchmark",
                        "ValidationBenchmark");
    }
}
