// Starts what the page holds; every part finds its own elements.
import { startAlarms } from "./alarms.js";
import { startDialogs } from "./dialogs.js";
import { startFiles } from "./files.js";
import { startJobLines } from "./joblines.js";
import { startTray } from "./tray.js";
import { startSeries } from "./series.js";
import { startCurves } from "./curve.js";
import { startHours, startLines } from "./lines.js";
import { startPlaces } from "./places.js";
import { startSolver } from "./solver.js";
import { startForecast } from "./forecast.js";
import { startCountdown } from "./countdown.js";

startAlarms();
startDialogs();
startFiles();
startTray();
startJobLines();
startSeries();
startForecast();
startCurves();
startLines();
startHours();
startPlaces();
startSolver();
startCountdown();
