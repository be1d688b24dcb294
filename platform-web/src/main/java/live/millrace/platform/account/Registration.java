// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/**
 * How a wish to register went: an account, one that an admin has to accept first, or a field and the key of the message that belongs
 * beside it.
 */
public sealed interface Registration {
    record Done(AccountPrincipal principal) implements Registration {}

    record Waiting() implements Registration {}

    record Refused(String field, String messageKey) implements Registration {}
}
