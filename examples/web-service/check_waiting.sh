#!/bin/sh
# A check as Nagios has them: one line for people, and an exit code for Consul. 0 is passing, 1 warning,
# everything else critical. It counts the orders that wait, each a file in a folder.
#
#   check_waiting.sh FOLDER WARNING CRITICAL

orders=$(ls "$1") || { echo "UNKNOWN - there is no folder $1"; exit 3; }
waiting=$(printf %s "$orders" | grep -c .)

[ "$waiting" -ge "$3" ] && { echo "CRITICAL - $waiting orders are waiting"; exit 2; }
[ "$waiting" -ge "$2" ] && { echo "WARNING - $waiting orders are waiting"; exit 1; }
echo "OK - $waiting orders are waiting"
