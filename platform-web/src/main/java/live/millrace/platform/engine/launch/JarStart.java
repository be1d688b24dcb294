// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.launch;

import java.lang.reflect.Method;

/**
 * What a packed jar, and one that lies ready in a package, starts with: most starts end here, in another process, before the jar's libraries have been looked into. Whatever it
 * cannot do is left to the jar's own start, which comes after it.
 */
public final class JarStart {
    private static final String SITE = "live.millrace.platform.PlatformApplication";
    private static final String JAR_LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    /** The jar is asked for something else than the site. */
    private static final String TOOL = "jarmode";

    private JarStart() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        if (System.getProperty(TOOL) == null && !ProcessOptions.isTask(args)) {
            // Why it was not done is found out, and said, once there is a log.
            ProcessOptions.choose(JarStart.class, args);
        }
        Method launcher = start().getMethod("main", String[].class);
        launcher.invoke(null, (Object) args);
    }

    /** The site itself where its classes and libraries are ordinary files; in a jar of jars nobody sees it yet. */
    private static Class<?> start() throws ClassNotFoundException {
        try {
            return Class.forName(SITE);
        } catch (ClassNotFoundException inside) {
            return Class.forName(JAR_LAUNCHER);
        }
    }
}
