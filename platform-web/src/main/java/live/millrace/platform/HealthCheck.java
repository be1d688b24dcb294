// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks the site of this machine how it is, for containers, whose images have no curl: exit code 0 when it is well. */
final class HealthCheck {
    private static final int LIMIT_MILLIS = 4_000;

    private HealthCheck() {}

    public static void main(String[] arguments) throws IOException {
        String port = System.getenv().getOrDefault("SERVER_PORT", "8080");
        HttpURLConnection health = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/actuator/health")
                .toURL()
                .openConnection();
        health.setConnectTimeout(LIMIT_MILLIS);
        health.setReadTimeout(LIMIT_MILLIS);
        System.exit(health.getResponseCode() == 200 ? 0 : 1);
    }
}
