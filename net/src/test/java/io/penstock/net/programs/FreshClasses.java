package io.penstock.net.programs;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads the classes of one jar anew although the parent has them too, and all others from the parent. The tools keep counters in
 * static fields: a second run in the same JVM would go on from the first.
 */
final class FreshClasses extends URLClassLoader {

    private FreshClasses(URL jar, ClassLoader parent) {
        super(new URL[] {jar}, parent);
    }

    /** The jar that this class is in. */
    static FreshClasses ofJarWith(Class<?> type) {
        return new FreshClasses(type.getProtectionDomain().getCodeSource().getLocation(), type.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                return findClass(name);
            } catch (ClassNotFoundException elsewhere) {
                return super.loadClass(name, resolve);
            }
        }
    }
}
