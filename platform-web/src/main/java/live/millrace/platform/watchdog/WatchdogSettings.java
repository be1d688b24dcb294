// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What happens to a site that answers nobody.
 *
 * @param endProcess whether it is ended, for whoever starts it again
 */
@ConfigurationProperties("millrace.watchdog")
record WatchdogSettings(boolean endProcess) {}
