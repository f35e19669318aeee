package io.penstock.net.history;

/** The payload of a test record: it names the send it comes from, so any copy can be traced. */
public record Value(int producer, int partition, long sequence) {

    /** As written into the record. */
    public String encode() {
        return producer + "/" + partition + "/" + sequence;
    }

    /** Reverse of {@link #encode}; text after a blank is padding. */
    public static Value decode(String text) {
        String[] parts = text.split(" ", 2)[0].split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a value written by this test: '" + text + "'");
        }
        return new Value(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }
}
