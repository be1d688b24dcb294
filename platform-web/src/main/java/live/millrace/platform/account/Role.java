// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** What an account may do beyond its own channel. */
public enum Role {
    USER,
    /** Keeps order: sees who is live, ends streams, suspends accounts. */
    ADMIN
}
