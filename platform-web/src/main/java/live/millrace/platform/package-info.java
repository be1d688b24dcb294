// SPDX-License-Identifier: Apache-2.0
/**
 * The Millrace site: one package per feature, each a module whose sub-packages are its own affair.
 *
 * <p>Who may use whom stands in the {@code package-info} of each feature and is verified by {@code ModularityTest}.
 */
@NullMarked
package live.millrace.platform;

import org.jspecify.annotations.NullMarked;
