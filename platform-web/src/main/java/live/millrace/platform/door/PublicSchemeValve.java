// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.function.Predicate;
import live.millrace.platform.shared.SiteAddress;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Behind a named proxy, a request for the public address came as the public address says, whatever the proxy forgot to say: else its
 * cookies would travel unprotected. Who comes by another name, from the house, stays as he came.
 */
final class PublicSchemeValve extends ValveBase {
    private final SiteAddress address;
    private final Predicate<String> proxies;

    PublicSchemeValve(SiteAddress address, Predicate<String> proxies) {
        super(true);
        this.address = address;
        this.proxies = proxies;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String host = request.getHeader("Host");
        // The socket's own peer: the other valve has put the client in its place.
        if (host != null && proxies.test(String.valueOf(request.getPeerAddr())) && address.isPublicHost(host)) {
            boolean https = address.encrypted();
            request.setSecure(https);
            request.getCoyoteRequest().scheme().setString(https ? "https" : "http");
            request.getCoyoteRequest().setServerPort(address.port());
        }
        getNext().invoke(request, response);
    }
}
