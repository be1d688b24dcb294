// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.net.URI;

/**
 * A device that answered.
 *
 * @param service of the device itself: HTTP, at the address of whoever answered
 * @param name as it says; empty where it does not
 * @param hardware as it says; empty where it does not
 */
public record FoundDevice(URI service, String name, String hardware) {
    private static final int USUAL_PORT = 80;

    /** Where it is, for people. */
    public String shown() {
        int port = service.getPort();
        return port < 0 || port == USUAL_PORT ? service.getHost() : service.getHost() + ":" + port;
    }
}
