// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

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
}
