// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

/** Says whether an address may register one more account. Implemented where limits are. */
@FunctionalInterface
public interface RegistrationLimit {
    boolean tryRegister(String remoteAddress);
}
