// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** How people join a site. */
public enum SignUpMode {
    OPEN,
    /** They say why, and an admin accepts them. */
    APPROVAL,
    /** With a link that an admin made. */
    INVITE,
    CLOSED
}
