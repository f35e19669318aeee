package io.penstock.core.collection;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash map that never changes: {@link #plus} and {@link #minus} give a new map that shares everything but one path with the
 * old one. So each image of ten thousand topics costs a few small arrays, and two images differ in a way that
 * {@link #differences} finds without looking at what they share. Immutable, safe from any thread. No order. No nulls.
 *
 * <p>A hash array mapped trie with 32 slots a level (Bagwell 2001).
 */
public final class PersistentMap<K, V> {
    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // holds nothing, so it holds anything
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean containsKey(K key) {
        return get(key) != null;
    }

    /** The value, or null if the key is not there. */
    public @Nullable V get(K key) {
        return root == null ? null : root.get(0, hash(key), key);
    }

    /** The same with another value for the key. */
    public PersistentMap<K, V> plus(K key, V value) {
        Leaf<K, V> leaf = new Leaf<>(hash(key), key, value);
        if (root == null) {
            return new PersistentMap<>(leaf, 1);
        }
        boolean isNew = root.get(0, leaf.hash, key) == null;
        return new PersistentMap<>(root.plus(0, leaf), isNew ? size + 1 : size);
    }

    /** The same without the key. */
    public PersistentMap<K, V> minus(K key) {
        if (root == null || root.get(0, hash(key), key) == null) {
            return this;
        }
        return new PersistentMap<>(root.minus(0, hash(key), key), size - 1);
    }

    /** A live view without copying; cannot be changed. */
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                return new ValueIterator<>(root);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    public void forEach(BiConsumer<? super K, ? super V> action) {
        if (root != null) {
            root.forEach(leaf -> action.accept(leaf.key, leaf.value));
        }
    }

    /**
     * Tells each key whose value is not the very same object in both maps: (value before or null, value after or null).
     * Takes time in proportion to what differs, if one map was made from the other.
     */
    public static <K, V> void differences(
            PersistentMap<K, V> before, PersistentMap<K, V> after, BiConsumer<@Nullable V, @Nullable V> difference) {
        compare(0, before.root, after.root, difference);
    }

    private static <K, V> void compare(
            int shift,
            @Nullable Node<K, V> before,
            @Nullable Node<K, V> after,
            BiConsumer<@Nullable V, @Nullable V> difference) {
        if (before == after) {
            return;
        }
        if (before instanceof Branch<K, V> old && after instanceof Branch<K, V> young) {
            for (int slot = 0; slot <= MASK; slot++) {
                compare(shift + BITS, old.child(slot), young.child(slot), difference);
            }
            return;
        }
        if (before != null) {
            before.forEach(leaf -> {
                V now = after == null ? null : after.get(shift, leaf.hash, leaf.key);
                if (now != leaf.value) {
                    difference.accept(leaf.value, now);
                }
            });
        }
        if (after != null) {
            after.forEach(leaf -> {
                if (before == null || before.get(shift, leaf.hash, leaf.key) == null) {
                    difference.accept(null, leaf.value);
                }
            });
        }
    }

    private static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    private interface LeafConsumer<K, V> {
        void accept(Leaf<K, V> leaf);
    }

    /** {@code shift} is how many bits of the hash the levels above have used. */
    private interface Node<K, V> {
        @Nullable
        V get(int shift, int hash, K key);

        Node<K, V> plus(int shift, Leaf<K, V> leaf);

        /** Without the key, which is here; null if nothing remains. */
        @Nullable
        Node<K, V> minus(int shift, int hash, K key);

        void forEach(LeafConsumer<K, V> action);

        int childCount();

        Node<K, V> childAt(int position);
    }

    private record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {
        @Override
        public @Nullable V get(int shift, int wantedHash, K wanted) {
            return hash == wantedHash && key.equals(wanted) ? value : null;
        }

        @Override
        public Node<K, V> plus(int shift, Leaf<K, V> leaf) {
            if (hash != leaf.hash) {
                return Branch.of(shift, hash, this, leaf);
            }
            return key.equals(leaf.key) ? leaf : new Collision<>(hash, List.of(this, leaf));
        }

        @Override
        public @Nullable Node<K, V> minus(int shift, int wantedHash, K wanted) {
            return null;
        }

        @Override
        public void forEach(LeafConsumer<K, V> action) {
            action.accept(this);
        }

        @Override
        public int childCount() {
            return 0;
        }

        @Override
        public Node<K, V> childAt(int position) {
            throw new NoSuchElementException();
        }
    }

    /** Two or more keys of one hash. */
    private record Collision<K, V>(int hash, List<Leaf<K, V>> leaves) implements Node<K, V> {
        @Override
        public @Nullable V get(int shift, int wantedHash, K wanted) {
            for (Leaf<K, V> leaf : leaves) {
                if (leaf.hash == wantedHash && leaf.key.equals(wanted)) {
                    return leaf.value;
                }
            }
            return null;
        }

        @Override
        public Node<K, V> plus(int shift, Leaf<K, V> leaf) {
            if (hash != leaf.hash) {
                return Branch.of(shift, hash, this, leaf);
            }
            List<Leaf<K, V>> more = others(leaf.key);
            more.add(leaf);
            return new Collision<>(hash, more);
        }

        @Override
        public Node<K, V> minus(int shift, int wantedHash, K wanted) {
            List<Leaf<K, V>> fewer = others(wanted);
            return fewer.size() == 1 ? fewer.get(0) : new Collision<>(hash, fewer);
        }

        private List<Leaf<K, V>> others(K key) {
            List<Leaf<K, V>> others = new ArrayList<>(leaves);
            others.removeIf(leaf -> leaf.key.equals(key));
            return others;
        }

        @Override
        public void forEach(LeafConsumer<K, V> action) {
            leaves.forEach(action::accept);
        }

        @Override
        public int childCount() {
            return leaves.size();
        }

        @Override
        public Node<K, V> childAt(int position) {
            return leaves.get(position);
        }
    }

    /** Up to 32 children; bit n of {@code bitmap} says whether there is one for slot n, {@code children} has only those. */
    private static final class Branch<K, V> implements Node<K, V> {
        private final int bitmap;
        private final Node<K, V>[] children;

        private Branch(int bitmap, Node<K, V>[] children) {
            this.bitmap = bitmap;
            this.children = children;
        }

        /** A branch, as deep as it must be, that tells the two apart; their hashes differ. */
        static <K, V> Branch<K, V> of(int shift, int nodeHash, Node<K, V> node, Leaf<K, V> leaf) {
            int nodeSlot = slot(shift, nodeHash);
            int leafSlot = slot(shift, leaf.hash);
            if (nodeSlot == leafSlot) {
                Node<K, V>[] only = array(1);
                only[0] = of(shift + BITS, nodeHash, node, leaf);
                return new Branch<>(1 << nodeSlot, only);
            }
            Node<K, V>[] both = array(2);
            both[0] = nodeSlot < leafSlot ? node : leaf;
            both[1] = nodeSlot < leafSlot ? leaf : node;
            return new Branch<>((1 << nodeSlot) | (1 << leafSlot), both);
        }

        @Nullable
        Node<K, V> child(int slot) {
            return (bitmap & (1 << slot)) == 0 ? null : children[position(slot)];
        }

        private int position(int slot) {
            return Integer.bitCount(bitmap & ((1 << slot) - 1));
        }

        @Override
        public @Nullable V get(int shift, int hash, K key) {
            Node<K, V> child = child(slot(shift, hash));
            return child == null ? null : child.get(shift + BITS, hash, key);
        }

        @Override
        public Node<K, V> plus(int shift, Leaf<K, V> leaf) {
            int slot = slot(shift, leaf.hash);
            int position = position(slot);
            Node<K, V> child = child(slot);
            if (child == null) {
                Node<K, V>[] more = Arrays.copyOf(children, children.length + 1);
                System.arraycopy(children, position, more, position + 1, children.length - position);
                more[position] = leaf;
                return new Branch<>(bitmap | (1 << slot), more);
            }
            return with(position, child.plus(shift + BITS, leaf));
        }

        @Override
        public @Nullable Node<K, V> minus(int shift, int hash, K key) {
            int slot = slot(shift, hash);
            int position = position(slot);
            Node<K, V> remaining = children[position].minus(shift + BITS, hash, key);
            if (remaining != null) {
                return with(position, remaining);
            }
            if (children.length == 1) {
                return null;
            }
            Node<K, V>[] fewer = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, position + 1, fewer, position, fewer.length - position);
            return new Branch<>(bitmap & ~(1 << slot), fewer);
        }

        private Branch<K, V> with(int position, Node<K, V> child) {
            Node<K, V>[] same = children.clone();
            same[position] = child;
            return new Branch<>(bitmap, same);
        }

        @Override
        public void forEach(LeafConsumer<K, V> action) {
            for (Node<K, V> child : children) {
                child.forEach(action);
            }
        }

        @Override
        public int childCount() {
            return children.length;
        }

        @Override
        public Node<K, V> childAt(int position) {
            return children[position];
        }

        private static int slot(int shift, int hash) {
            return (hash >>> shift) & MASK;
        }

        @SuppressWarnings("unchecked") // an array of nodes holds nodes of any key and value
        private static <K, V> Node<K, V>[] array(int length) {
            return (Node<K, V>[]) new Node<?, ?>[length];
        }
    }

    /** Depth first. */
    private static final class ValueIterator<K, V> implements Iterator<V> {
        private final ArrayDeque<Node<K, V>> ahead = new ArrayDeque<>();

        ValueIterator(@Nullable Node<K, V> root) {
            if (root != null) {
                ahead.push(root);
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public V next() {
            Node<K, V> node = ahead.pop();
            while (!(node instanceof Leaf<K, V>)) {
                for (int position = node.childCount() - 1; position >= 0; position--) {
                    ahead.push(node.childAt(position));
                }
                node = ahead.pop();
            }
            return ((Leaf<K, V>) node).value;
        }
    }
}
