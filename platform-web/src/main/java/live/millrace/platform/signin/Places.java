// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.shared.SiteAddress;
import org.springframework.stereotype.Component;

/**
 * Where passkeys can be had: at the address of the site that its operator named, else at the one by which a browser came. Nobody gains by
 * naming another one: the authenticator signs for the host that it sees, and for no other.
 */
@Component
public class Places {
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63})*");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final String SECURE = "https";
    private static final int PORT = 80;
    private static final int SECURE_PORT = 443;

    private final SiteAddress site;

    public Places(SiteAddress site) {
        this.site = site;
    }

    /** Empty where browsers give none: over HTTP, and at an address without a name. */
    public Optional<Passkeys.Place> of(HttpServletRequest request) {
        return site.origin()
                .map(URI::create)
                .map(address -> place(address.getScheme(), address.getHost(), address.getPort()))
                .orElseGet(() -> place(request.getScheme(), request.getServerName(), request.getServerPort()));
    }

    private static Optional<Passkeys.Place> place(String givenScheme, String givenHost, int port) {
        String scheme = givenScheme.toLowerCase(Locale.ROOT);
        String host = givenHost.toLowerCase(Locale.ROOT);
        boolean named = NAME.matcher(host).matches() && !NUMBERS.matcher(host).matches();
        boolean here = host.equals("localhost") || host.endsWith(".localhost");
        if (!named || !(scheme.equals(SECURE) || here)) {
            return Optional.empty();
        }
        boolean usual = port < 0 || port == (scheme.equals(SECURE) ? SECURE_PORT : PORT);
        return Optional.of(new Passkeys.Place(scheme + "://" + host + (usual ? "" : ":" + port), host));
    }
}
