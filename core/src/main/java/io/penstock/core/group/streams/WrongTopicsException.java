package io.penstock.core.group.streams;

import io.penstock.core.group.streams.TopologyPlan.Problem;
import io.penstock.core.group.streams.TopologyPlan.ProblemKind;

/** The topics that there are do not fit a topology; ends its planning. */
final class WrongTopicsException extends Exception {
    private static final long serialVersionUID = 1;

    private final ProblemKind kind;

    WrongTopicsException(ProblemKind kind, String detail) {
        super(detail);
        this.kind = kind;
    }

    Problem problem() {
        String detail = getMessage();
        return new Problem(kind, detail == null ? "" : detail);
    }
}
