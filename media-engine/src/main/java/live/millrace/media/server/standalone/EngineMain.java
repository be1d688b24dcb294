// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

/** Chooses how to log before anything does: lines for people, or JSON with {@code MILLRACE_LOG_FORMAT=json}. */
public final class EngineMain {
    private static final String CONFIGURATION = "logback.configurationFile";

    private EngineMain() {}

    public static void main(String[] args) {
        if (System.getProperty(CONFIGURATION) == null) {
            String file = "json".equals(System.getenv("MILLRACE_LOG_FORMAT")) ? "logback-json.xml" : "logback.xml";
            System.setProperty(CONFIGURATION, EngineMain.class.getPackageName().replace('.', '/') + "/" + file);
        }
        EngineCommand.run(args);
    }
}
