// SPDX-License-Identifier: Apache-2.0
/**
 * HTTPS by itself: a certificate for the site's domain by ACME (RFC 8555), kept, renewed, and handed to the engine's encrypted ports; the plain
 * port that sends people there. Where an SSL bundle is named it does nothing.
 */
@ApplicationModule(allowedDependencies = {"shared", "audit", "delivery", "door", "engine"})
@NullMarked
package live.millrace.platform.https;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
