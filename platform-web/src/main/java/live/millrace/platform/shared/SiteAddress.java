// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * How the world reaches the site. Mail needs it: the host of a request is whatever its sender says.
 *
 * @param publicUrl scheme, host and port, for example {@code https://live.example.org}
 */
@ConfigurationProperties("millrace")
public record SiteAddress(@Nullable String publicUrl) {
    public SiteAddress {
        if (publicUrl != null && !publicUrl.isBlank()) {
            publicUrl = publicUrl.strip().replaceAll("/+$", "");
            URI uri = URI.create(publicUrl);
            if (uri.getHost() == null
                    || uri.getScheme() == null
                    || !uri.getScheme().startsWith("http")) {
                throw new StartupException(
                        "millrace.public-url is no address of a site: " + publicUrl,
                        "Give it like https://live.example.org.");
            }
        }
    }

    public Optional<String> origin() {
        return Optional.ofNullable(publicUrl).filter(url -> !url.isBlank());
    }

    /** Where an address of this site begins: the setting decides, and where it says nothing, the request itself. */
    public String originFor(HttpServletRequest request) {
        return origin().orElseGet(() ->
                ServletUriComponentsBuilder.fromContextPath(request).build().toUriString());
    }

    /** Whether a Host header names the public address; a port that is the scheme's own may be left out. */
    public boolean isPublicHost(String host) {
        return origin().map(URI::create)
                .filter(url -> host.equalsIgnoreCase(url.getRawAuthority())
                        || host.equalsIgnoreCase(url.getHost() + ":" + port())
                        || (port() == usualPort() && host.equalsIgnoreCase(url.getHost())))
                .isPresent();
    }

    /** Whether the public address is one of HTTPS. */
    public boolean encrypted() {
        return origin().filter(url -> url.regionMatches(true, 0, "https:", 0, "https:".length()))
                .isPresent();
    }

    /** The public address's port, written or not. */
    public int port() {
        return origin().map(URI::create)
                .map(URI::getPort)
                .filter(port -> port > 0)
                .orElseGet(this::usualPort);
    }

    private int usualPort() {
        return encrypted() ? 443 : 80;
    }
}
