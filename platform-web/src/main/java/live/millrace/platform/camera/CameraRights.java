// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

/** Who may have cameras, and where. Thread-safe. */
public interface CameraRights {
    /**
     * What somebody may.
     *
     * @param cameras have any
     * @param privateNetworks name addresses in private networks
     * @param given the latter by a right of their own, and not by their role
     * @param search have this server look for cameras there
     */
    record May(boolean cameras, boolean privateNetworks, boolean given, boolean search) {}

    May of(long accountId);

    /** Gives an account the right to name addresses in private networks, or takes it back; answers whether that is new. */
    boolean give(long accountId, boolean privateNetworks);
}
