// What processes have used, from /proc. Elsewhere than on Linux nothing is known, and the report says so.
import { readFileSync, writeFileSync } from "node:fs";

/** Seconds of processor time that processes have had, all their threads together; to a hundredth. */
export function cpuSeconds(pids) {
  let sum = 0;
  for (const pid of pids) {
    const text = read(pid, "stat");
    if (text === undefined) return undefined;
    // The second field is the program's name, which may have blanks in it; utime and stime are the 14th and 15th.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    sum += (Number(fields[11]) + Number(fields[12])) / 100;
  }
  return sum;
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid) {
  return (read(pid, `task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);
}

/** The most memory, in MiB, that the processes have had at once since `forgetPeaks`, each for itself, added up. */
export function peakMemory(pids) {
  let sum = 0;
  for (const pid of pids) {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(read(pid, "status") ?? "")?.[1];
    if (peak === undefined) return undefined;
    sum += Number(peak) / 1024;
  }
  return sum;
}

/** Lets peaks count from now. */
export function forgetPeaks(pids) {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, "5");
    } catch {
      // Then the peak counts from the start of the process.
    }
  }
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
