#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OBS Studio as somebody new has it, on a screen that nobody sees, publishes a test picture until it is told to end.
#
#   distribution/test/obs.sh FOLDER SERVER KEY       FOLDER holds its settings and its log, obs.log
set -eu
folder=$1
server=$2
key=$3
settings=$folder/config/obs-studio
profile=$settings/basic/profiles/test
mkdir -p "$profile" "$settings/basic/scenes" "$folder/run"
chmod 700 "$folder/run"
ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=640x360:r=30 -f lavfi -i sine=f=440:b=2:r=48000 -t 10 -c:v libx264 -preset ultrafast -g 30 \
  -pix_fmt yuv420p -c:a aac -shortest "$folder/media.mp4"
cat >"$settings/global.ini" <<'END'
[General]
FirstRun=true
LastVersion=486539266
EnableAutoUpdates=false
ConfirmOnExit=false
[Basic]
Profile=test
ProfileDir=test
SceneCollection=test
SceneCollectionFile=test
[BasicWindow]
SysTrayEnabled=true
WarnBeforeStartingStream=false
WarnBeforeStoppingStream=false
[OBSWebSocket]
FirstLoad=false
ServerEnabled=false
END
cat >"$profile/basic.ini" <<'END'
[General]
Name=test
[Output]
Mode=Simple
Reconnect=true
RetryDelay=2
MaxRetries=100
[SimpleOutput]
VBitrate=800
ABitrate=128
StreamEncoder=x264
Preset=ultrafast
[Video]
BaseCX=640
BaseCY=360
OutputCX=640
OutputCY=360
FPSType=1
FPSInt=30
[Audio]
SampleRate=48000
ChannelSetup=Stereo
END
cat >"$profile/service.json" <<END
{"type": "rtmp_custom", "settings": {"server": "$server", "key": "$key", "use_auth": false}}
END
cat >"$settings/basic/scenes/test.json" <<END
{"name": "test", "current_scene": "Scene", "current_program_scene": "Scene", "scene_order": [{"name": "Scene"}], "current_transition": "Cut",
 "transition_duration": 300, "sources": [
  {"id": "ffmpeg_source", "versioned_id": "ffmpeg_source", "name": "Media", "enabled": true, "volume": 1, "mixers": 255, "monitoring_type": 0,
   "settings": {"local_file": "$folder/media.mp4", "is_local_file": true, "looping": true, "restart_on_activate": false, "hw_decode": false}},
  {"id": "scene", "versioned_id": "scene", "name": "Scene", "enabled": true, "volume": 1, "mixers": 255, "monitoring_type": 0,
   "settings": {"custom_size": false, "id_counter": 1, "items": [{"id": 1, "name": "Media", "visible": true, "locked": false, "rot": 0,
    "align": 5, "bounds_type": 0, "bounds_align": 0, "pos": {"x": 0, "y": 0}, "scale": {"x": 1, "y": 1}, "bounds": {"x": 0, "y": 0}}]}}]}
END
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_RUNTIME_DIR="$folder/run" LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb NO_AT_BRIDGE=1
rm -f "$folder/display"
Xvfb -displayfd 3 -screen 0 1024x700x24 -nolisten tcp 3>"$folder/display" 2>"$folder/screen.log" &
screen=$!
obs=
trap '[ -z "$obs" ] || kill "$obs" 2>/dev/null || true; kill "$screen" 2>/dev/null || true' EXIT
trap 'exit 0' TERM INT
until [ -s "$folder/display" ]; do
  kill -0 "$screen"
  sleep 0.1
done
DISPLAY=:$(cat "$folder/display")
export DISPLAY
obs --multi --profile test --collection test --scene Scene --startstreaming --minimize-to-tray >"$folder/obs.log" 2>&1 &
obs=$!
wait "$obs"
