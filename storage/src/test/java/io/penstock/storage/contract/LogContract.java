package io.penstock.storage.contract;

/** What each theme of the contract stands on. */
interface LogContract {
    /** The log under test; a fresh one for each test. */
    LogHarness harness();
}
