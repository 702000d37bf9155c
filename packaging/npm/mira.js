#!/usr/bin/env node
// Finds the program in the package of this platform and becomes it, as far as node can:
// the same arguments, streams, signals and exit code.
"use strict"
const { spawn } = require("node:child_process")
const { constants } = require("node:os")

const name = `@mira-evidence/${process.platform}-${process.arch}`
let program
try {
  program = require.resolve(`${name}/bin/mira`)
} catch {
  console.error(`mira: there is no program for this system in ${name}; build it from source instead`)
  process.exit(4)
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" })
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("error", (error) => {
  console.error(`mira: ${program} cannot be run: ${error.message}`)
  process.exit(4)
})
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
