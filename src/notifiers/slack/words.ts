export { changeWords, counted, firstStep, kindInWords, minuteOf, roleInWords, severitiesInWords, stateWords } from '../words.ts'
