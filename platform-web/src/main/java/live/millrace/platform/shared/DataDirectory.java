// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the site keeps what it writes.
 *
 * @param dataDir the folder; made when it is not there
 */
@ConfigurationProperties("millrace")
public record DataDirectory(@DefaultValue("./data") Path dataDir) {
    /** A folder below it. */
    public Path resolve(String name) {
        return dataDir.toAbsolutePath().normalize().resolve(name);
    }
}
