/** What comes over the socket, checked against the shapes of the box's structs. */

import {
  type AgentNews,
  type Fields,
  FLOOR_SHAPES,
  type FloorNews,
  NEWS_SHAPES,
  type ServerMessage,
  SHAPES,
  type Shape,
} from './types';

/** A whole call in one message would be less; longer ones are not ours. */
const MAX_TEXT = 1_000_000;

const WRONG = Symbol('wrong');

/**
 * A message; null for what this page cannot use: not JSON, of a type or with a word that a
 * newer box added, or misshapen. What an older box leaves out is filled in, and what a
 * newer one adds is left out.
 */
export function decode(json: string): ServerMessage | null {
  return checked(parsed(json));
}

/** The same on the socket of an agent. */
export function decodeNews(json: string): AgentNews | null {
  return fitMessage(parsed(json), NEWS_SHAPES) as AgentNews | null;
}

/** The same on the socket of whoever watches over the floor. */
export function decodeFloor(json: string): FloorNews | null {
  return fitMessage(parsed(json), FLOOR_SHAPES) as FloorNews | null;
}

function parsed(json: string): unknown {
  if (json.length > MAX_TEXT) return null;
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** The same for a message that is an object already, as the record keeps it. */
export function checked(value: unknown): ServerMessage | null {
  return fitMessage(value, SHAPES) as ServerMessage | null;
}

function fitMessage(value: unknown, shapes: Readonly<Record<string, Fields>>): unknown {
  if (!isObject(value) || typeof value['type'] !== 'string') return null;
  if (!Object.hasOwn(shapes, value['type'])) return null;
  const shape = shapes[value['type']];
  const message = shape === undefined ? WRONG : fit(value, shape);
  return message === WRONG ? null : message;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fit(value: unknown, shape: Shape): unknown {
  if (typeof shape === 'string') return fitPlain(value, shape);
  if ('oneOf' in shape) return shape.oneOf.includes(value as string) ? value : WRONG;
  if ('nullable' in shape) return value === null ? null : fit(value, shape.nullable);
  if ('list' in shape) return fitList(value, shape.list);
  return fitFields(value, shape);
}

function fitPlain(value: unknown, shape: 'string' | 'number' | 'boolean'): unknown {
  if (typeof value !== shape) return WRONG;
  return typeof value === 'number' && !Number.isFinite(value) ? WRONG : value;
}

function fitList(value: unknown, shape: Shape): unknown {
  if (!Array.isArray(value)) return WRONG;
  const items = value.map((item) => fit(item, shape));
  return items.includes(WRONG) ? WRONG : items;
}

function fitFields(value: unknown, { fields }: Fields): unknown {
  if (!isObject(value)) return WRONG;
  const made: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    made[name] = Object.hasOwn(value, name) ? fit(value[name], field[0]) : otherwise(field);
    if (made[name] === WRONG) return WRONG;
  }
  return made;
}

function otherwise(field: Fields['fields'][string]): unknown {
  return field.length === 2 ? field[1] : WRONG;
}
