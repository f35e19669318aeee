package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Measures all paths of a plan, one after another, on the calling thread. */
final class CopyRun {
    private static final long SEED = 42;

    private final CopyPlan plan;
    private final PrintStream progress;
    private final List<CopyFigure> figures = new ArrayList<>();

    CopyRun(CopyPlan plan, PrintStream progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Fetch paths first, then append paths, each by size. */
    List<CopyFigure> run() throws IOException {
        for (int batchBytes : plan.batchBytes()) {
            measureFetches(SegmentLayout.filling(plan.segmentBytes(), batchBytes), batch(batchBytes));
        }
        for (int batchBytes : plan.batchBytes()) {
            measureStores(SegmentLayout.filling(plan.segmentBytes(), batchBytes), batch(batchBytes));
        }
        return figures;
    }

    private static ByteBuffer batch(int bytes) {
        byte[] content = new byte[bytes];
        new Random(SEED).nextBytes(content);
        return ByteBuffer.allocateDirect(bytes).put(content).flip();
    }

    private void measureFetches(SegmentLayout layout, ByteBuffer batch) throws IOException {
        for (FetchPath path : FetchPath.values()) {
            for (Touch touch : Touch.values()) {
                if (touch == Touch.AGAIN || path.isMapped()) {
                    Pass pass = new FetchPass(path, touch, layout, plan.directory(), batch);
                    CopyFigure.Subject subject = new CopyFigure.Subject(
                            "fetch", path.label(), touch, layout.batchBytes(), path.copies(), path.steps());
                    measure(subject, layout, pass);
                }
            }
        }
    }

    private void measureStores(SegmentLayout layout, ByteBuffer batch) throws IOException {
        for (StorePath path : StorePath.values()) {
            for (Touch touch : Touch.values()) {
                Pass pass = new StorePass(path, touch, layout, plan.directory(), batch);
                CopyFigure.Subject subject = new CopyFigure.Subject(
                        "append", path.label(), touch, layout.batchBytes(), path.copies(), path.steps());
                measure(subject, layout, pass);
            }
        }
    }

    /** As long again as counts goes before it, uncounted, so that the compiler is done. */
    private void measure(CopyFigure.Subject subject, SegmentLayout layout, Pass pass) throws IOException {
        progress.println(subject);
        try (pass) {
            repeat(pass);
            long receiverCpuNs = pass.receiverCpuNs();
            Repeated repeated = repeat(pass);
            figures.add(new CopyFigure(
                    subject,
                    repeated.passes() * layout.payloadBytes(),
                    repeated.use(),
                    pass.receiverCpuNs() - receiverCpuNs));
        }
    }

    private record Repeated(long passes, ThreadUse use) {}

    private Repeated repeat(Pass pass) throws IOException {
        ThreadUse use = ThreadUse.NONE;
        long passes = 0;
        while (passes == 0 || use.elapsedNs() < plan.counted().toNanos()) {
            pass.prepare();
            ThreadUse before = ThreadUse.now();
            pass.run();
            use = use.plus(ThreadUse.now().since(before));
            passes++;
        }
        return new Repeated(passes, use);
    }
}
