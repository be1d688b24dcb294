// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.backup;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What happens when a newer version finds tables of an older one.
 *
 * @param backup whether a backup is taken before they are changed; without room for one the site does not start
 */
@ConfigurationProperties("millrace.upgrade")
record UpgradeSettings(@DefaultValue("true") boolean backup) {}
