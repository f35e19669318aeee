package io.penstock.storage.file;

/** Another broker uses the data directory now. Nothing was written. */
public final class DataDirectoryBusyException extends DataDirectoryException {
    DataDirectoryBusyException(String message) {
        super(message);
    }
}
