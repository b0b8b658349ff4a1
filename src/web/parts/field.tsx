import { useId, type ComponentProps, type KeyboardEvent, type ReactNode } from 'react'
import './field.css'

interface Told { readonly label: ReactNode; readonly hint?: ReactNode; readonly fault?: ReactNode }

/** A label with its control, what it is for, and what is wrong with it. */
function Labelled({ id, label, hint, fault, children }: Told & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint === undefined ? null : <p id={`${id}-hint`} className="quiet small">{hint}</p>}
      {fault === undefined || fault === null ? null : <p id={`${id}-fault`} className="field-fault" role="alert">{fault}</p>}
    </div>
  )
}
const described = (id: string, { hint, fault }: Told) => ({ id, 'aria-describedby': hint === undefined && fault === undefined ? undefined : `${id}-hint ${id}-fault`, 'aria-invalid': fault === undefined || fault === null ? undefined : true })

export function TextField({ label, hint, fault, ...rest }: ComponentProps<'input'> & Told) {
  const id = useId()
  return <Labelled id={id} label={label} hint={hint} fault={fault}><input className="input" {...rest} {...described(id, { label, hint, fault })} /></Labelled>
}
/** Enter is a new line there. */
function sendByKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
}
export function TextAreaField({ label, hint, fault, ...rest }: ComponentProps<'textarea'> & Told) {
  const id = useId()
  return <Labelled id={id} label={label} hint={hint} fault={fault}><textarea className="input" rows={3} onKeyDown={sendByKey} {...rest} {...described(id, { label, hint, fault })} /></Labelled>
}
export function SelectField({ label, hint, fault, children, ...rest }: ComponentProps<'select'> & Told) {
  const id = useId()
  return <Labelled id={id} label={label} hint={hint} fault={fault}><select className="input" {...rest} {...described(id, { label, hint, fault })}>{children}</select></Labelled>
}
export function CheckField({ label, hint, ...rest }: ComponentProps<'input'> & Pick<Told, 'label' | 'hint'>) {
  const id = useId()
  return (
    <div className="check-field">
      <input type="checkbox" className="checkbox" {...rest} id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
      <div><label htmlFor={id}>{label}</label>{hint === undefined ? null : <p id={`${id}-hint`} className="quiet small">{hint}</p>}</div>
    </div>
  )
}
/** One of a few, all of them seen. */
export function ChoiceField<Value extends string>({ label, choices, value, onChange }: { readonly label: ReactNode; readonly choices: readonly { readonly value: Value; readonly label: ReactNode; readonly hint?: ReactNode }[]; readonly value: Value | null; readonly onChange: (value: Value) => void }) {
  const name = useId()
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>{choice.label}{choice.hint === undefined ? null : <span className="quiet small"> {choice.hint}</span>}</span>
        </label>
      ))}
    </fieldset>
  )
}
