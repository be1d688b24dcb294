// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

/**
 * The database was away and answers again: what could not be written meanwhile can be now. Published outside any transaction;
 * a listener that fails keeps it from nobody else.
 */
public record DatabaseBack() {}
