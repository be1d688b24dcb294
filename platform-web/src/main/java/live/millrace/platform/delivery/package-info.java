// SPDX-License-Identifier: Apache-2.0
/**
 * What must happen, happens: {@link live.millrace.platform.delivery.Deliveries} takes down within a transaction what is to follow it, and
 * a {@link live.millrace.platform.delivery.DeliveryHandler} does it until it is done. {@link live.millrace.platform.delivery.RecurringWork}
 * is done every so often by one process of all. Knows nothing of what is delivered.
 */
@ApplicationModule(allowedDependencies = "shared")
@NullMarked
package live.millrace.platform.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
